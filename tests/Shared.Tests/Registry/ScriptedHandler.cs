// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text;

namespace ClusterManager.Shared.Tests.Registry;

/// <summary>Answers each request as a function says, and keeps what was asked.</summary>
internal sealed class ScriptedHandler(Func<Asked, HttpResponseMessage> answer) : HttpMessageHandler
{
    public List<Asked> Requests { get; } = [];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        var asked = new Asked(
            request.Method.Method, request.RequestUri!, request.Headers.Authorization?.ToString(), request.Headers.Accept.ToString(), body);
        Requests.Add(asked);
        var response = answer(asked);
        response.RequestMessage = request;
        // As a socket would: the head has no content, whatever its headers say.
        if (request.Method == HttpMethod.Head)
        {
            var headers = response.Content.Headers.NonValidated.ToList();
            response.Content = new ByteArrayContent([]);
            foreach (var header in headers.Where(header => header.Key != "Content-Length"))
                response.Content.Headers.TryAddWithoutValidation(header.Key, header.Value.ToString());
        }

        return response;
    }

    public static HttpResponseMessage Answer(int status, string body = "", params (string Name, string Value)[] headers) =>
        Answer(status, Encoding.UTF8.GetBytes(body), headers);

    public static HttpResponseMessage Answer(int status, byte[] body, params (string Name, string Value)[] headers)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new ByteArrayContent(body) };
        foreach (var (name, value) in headers)
        {
            if (!response.Headers.TryAddWithoutValidation(name, value)) response.Content.Headers.TryAddWithoutValidation(name, value);
        }

        return response;
    }
}

/// <summary>A request.</summary>
internal sealed record Asked(string Method, Uri Address, string? Authorization, string Accept, string Body)
{
    public string Path => Address.AbsolutePath;
}
