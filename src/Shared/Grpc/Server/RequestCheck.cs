// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Grpc.Core.Wire;
using Microsoft.AspNetCore.Http;

namespace ClusterManager.Grpc.Server;

/// <summary>Decides from the headers whether a request is a call that can be served.</summary>
internal static class RequestCheck
{
    /// <summary>The HTTP status for what is no gRPC call at all, or null.</summary>
    public static int? FindHttpError(HttpRequest request)
    {
        if (!GrpcNames.IsGrpcContentType(request.ContentType))
            return StatusCodes.Status415UnsupportedMediaType;
        return HttpProtocol.IsHttp2(request.Protocol) || HttpProtocol.IsHttp3(request.Protocol)
            ? null
            : StatusCodes.Status505HttpVersionNotsupported;
    }

    /// <summary>
    /// The status for a call that cannot be served, or null: then <paramref name="timeout"/> is what the client gives it, null for no end.
    /// </summary>
    public static Status? FindError(HttpRequest request, IMethod method, out TimeSpan? timeout)
    {
        timeout = null;
        // ASP.NET Core routes without regard to case; gRPC does not.
        if (!string.Equals(request.Path.Value, method.FullName, StringComparison.Ordinal))
            return new Status(StatusCode.Unimplemented, "This server does not have this service or method.");
        if (Encoding(request) is not (null or GrpcNames.Identity or GrpcNames.Gzip))
            return new Status(StatusCode.Unimplemented, "The grpc-encoding of the request is not supported.");
        if (!request.Headers.TryGetValue(GrpcNames.TimeoutHeader, out var value))
            return null;
        if (!TimeoutCodec.TryDecode(value.ToString(), out var decoded))
            return new Status(StatusCode.Internal, "The grpc-timeout of the request is malformed.");
        timeout = decoded;
        return null;
    }

    /// <summary>The encoding of the request's messages, or null.</summary>
    public static string? Encoding(HttpRequest request) =>
        request.Headers.TryGetValue(GrpcNames.EncodingHeader, out var value) ? value.ToString() : null;

    /// <summary>Whether the client understands gzip.</summary>
    public static bool AcceptsGzip(HttpRequest request) =>
        request.Headers[GrpcNames.AcceptEncodingHeader]
            .SelectMany(line => line?.Split(',', StringSplitOptions.TrimEntries) ?? [])
            .Contains(GrpcNames.Gzip, StringComparer.Ordinal);
}
