// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Grpc.Core;
using Grpc.Core.Wire;

namespace Grpc.Net.Client;

/// <summary>Builds the headers of a request.</summary>
internal static class RequestHead
{
    private static readonly string UserAgent =
        $"grpc-csharp-clustermanager/{typeof(RequestHead).Assembly.GetName().Version?.ToString(3)}";

    public static HttpRequestMessage Build(GrpcChannel channel, IMethod method, string? host, CallOptions options, HttpContent content)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(channel.Address, method.FullName))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        var headers = request.Headers;
        headers.Host = host;
        headers.TryAddWithoutValidation("te", "trailers");
        headers.TryAddWithoutValidation("user-agent", UserAgent);
        headers.TryAddWithoutValidation(GrpcNames.AcceptEncodingHeader, GrpcNames.AcceptedEncodings);
        if (channel.Options.GzipRequests)
            headers.TryAddWithoutValidation(GrpcNames.EncodingHeader, GrpcNames.Gzip);
        if (HasDeadline(options))
        {
            var timeout = options.Deadline!.Value - channel.Options.TimeProvider.GetUtcNow().UtcDateTime;
            headers.TryAddWithoutValidation(GrpcNames.TimeoutHeader, TimeoutCodec.Encode(timeout));
        }

        foreach (var entry in options.Headers ?? Metadata.Empty)
            AddMetadata(request, entry);
        return request;
    }

    /// <summary>True when the call has an end. <see cref="DateTime.MaxValue"/> means none, as in the official API.</summary>
    public static bool HasDeadline(CallOptions options) => options.Deadline is { } deadline && deadline != DateTime.MaxValue;

    private static void AddMetadata(HttpRequestMessage request, Metadata.Entry entry)
    {
        if (!MetadataCodec.IsUserKey(entry.Key))
            return;
        if (entry.Key == "user-agent")
            request.Headers.Remove(entry.Key);
        request.Headers.TryAddWithoutValidation(entry.Key, MetadataCodec.EncodeValue(entry));
    }
}
