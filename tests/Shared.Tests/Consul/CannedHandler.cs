// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace ClusterManager.Shared.Tests.Consul;

/// <summary>Answers every request the same way and keeps what was asked.</summary>
internal sealed class CannedHandler(int status, string body, params (string Name, string Value)[] headers) : HttpMessageHandler
{
    public List<CannedRequest> Requests { get; } = [];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var sent = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        var token = request.Headers.TryGetValues("X-Consul-Token", out var values) ? values.Single() : null;
        Requests.Add(new CannedRequest(request.Method.Method, request.RequestUri!.PathAndQuery, sent, token));
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body) };
        foreach (var (name, value) in headers)
            response.Headers.Add(name, value);
        return response;
    }
}

internal sealed record CannedRequest(string Method, string PathAndQuery, string Body, string? Token);
