// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Grpc.Core.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ClusterManager.Grpc.Server;

/// <summary>Writes status and metadata into a response.</summary>
internal static class Responses
{
    /// <summary>Ends a call before it began: a status in the headers, no body.</summary>
    public static Task RejectAsync(HttpContext http, Status status)
    {
        http.Response.ContentType = GrpcNames.ContentType;
        http.Response.Headers[GrpcNames.AcceptEncodingHeader] = GrpcNames.AcceptedEncodings;
        WriteStatus(http.Response.Headers, status, Metadata.Empty);
        return http.Response.CompleteAsync();
    }

    /// <summary>
    /// Ends a call. Without a message the status goes into the headers (trailers-only, one frame); else into the trailers.
    /// </summary>
    public static Task EndAsync(HttpContext http, Status status, Metadata trailers, bool bodyStarted)
    {
        var target = bodyStarted || http.Response.HasStarted
            ? http.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers
            : http.Response.Headers;
        WriteStatus(target, status, trailers);
        return http.Response.CompleteAsync();
    }

    /// <summary>Adds metadata; keys of the protocol itself are left out.</summary>
    public static void WriteMetadata(IHeaderDictionary target, Metadata metadata)
    {
        foreach (var entry in metadata)
        {
            if (MetadataCodec.IsUserKey(entry.Key))
                target.Append(entry.Key, MetadataCodec.EncodeValue(entry));
        }
    }

    private static void WriteStatus(IHeaderDictionary target, Status status, Metadata trailers)
    {
        target[GrpcNames.StatusHeader] = ((int)status.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (status.Detail.Length > 0)
            target[GrpcNames.MessageHeader] = StatusMessageCodec.Encode(status.Detail);
        WriteMetadata(target, trailers);
    }
}
