// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Http.Headers;

namespace ClusterManager.Shared.Tests.Grpc.Fixtures;

/// <summary>Plain HTTP/2 requests, for what a well-behaved gRPC client would never send.</summary>
internal static class RawCalls
{
    public static HttpClient CreateClient() => new(new SocketsHttpHandler());

    public static HttpRequestMessage Request(
        GrpcServer server, string path, byte[] body, string contentType = "application/grpc", params (string Key, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Address, path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        foreach (var (key, value) in headers)
            request.Headers.TryAddWithoutValidation(key, value);
        return request;
    }

    /// <summary>The status of a response, wherever it stands.</summary>
    public static async Task<string?> ReadStatusAsync(this HttpResponseMessage response)
    {
        await response.Content.ReadAsByteArrayAsync();
        return response.Headers.TryGetValues("grpc-status", out var inHeaders) ? inHeaders.Single()
            : response.TrailingHeaders.TryGetValues("grpc-status", out var inTrailers) ? inTrailers.Single()
            : null;
    }
}
