// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ClusterManager.Hollow.Cluster;

/// <summary>
/// Stands before Consul and says besides that the hollow nodes' machines live: they have no Consul agent, and entries of that kind made by
/// hand are taken out of the catalog by Consul itself once a minute. Everything else passes unchanged.
/// </summary>
internal sealed class SerfWitness : IAsyncDisposable
{
    private const string ChecksPath = "/v1/health/state/any";
    private static readonly HashSet<string> ConnectionHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "Host", "Connection", "Transfer-Encoding", "Content-Length", "Keep-Alive", "Accept-Encoding",
    };

    private readonly HttpClient _consul;
    private readonly IReadOnlyList<string> _names;
    private readonly WebApplication _app;

    private SerfWitness(Uri consul, IReadOnlyList<string> names)
    {
        _consul = new HttpClient(new SocketsHttpHandler { UseProxy = false, AutomaticDecompression = DecompressionMethods.None })
        {
            BaseAddress = consul, Timeout = Timeout.InfiniteTimeSpan,
        };
        _names = names;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(ForwardAsync);
    }

    /// <summary>Where it listens.</summary>
    public Uri Address => new(_app.Urls.Single());

    /// <summary>Starts it.</summary>
    /// <param name="consul">The real one.</param>
    /// <param name="names">Nodes that live.</param>
    /// <param name="cancellationToken">Ends the starting.</param>
    public static async Task<SerfWitness> StartAsync(Uri consul, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var witness = new SerfWitness(consul, names);
        await witness._app.StartAsync(cancellationToken);
        return witness;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _consul.Dispose();
    }

    private async Task ForwardAsync(HttpContext http)
    {
        try
        {
            using var request = Translate(http.Request);
            using var response = await _consul.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, http.RequestAborted);
            http.Response.StatusCode = (int)response.StatusCode;
            foreach (var (key, values) in response.Headers.Concat(response.Content.Headers))
            {
                if (!ConnectionHeaders.Contains(key)) http.Response.Headers[key] = values.ToArray();
            }

            if (http.Request.Path == ChecksPath && response.IsSuccessStatusCode) await AddNodesAsync(response, http);
            else await response.Content.CopyToAsync(http.Response.Body, http.RequestAborted);
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException or IOException)
        {
            http.Abort();
        }
    }

    private static HttpRequestMessage Translate(HttpRequest from)
    {
        var request = new HttpRequestMessage(
            new HttpMethod(from.Method), new Uri($"{from.Path}{from.QueryString}", UriKind.Relative));
        if (from.ContentLength > 0) request.Content = new StreamContent(from.Body) { Headers = { ContentLength = from.ContentLength } };
        foreach (var (key, values) in from.Headers)
        {
            if (!ConnectionHeaders.Contains(key)) request.Headers.TryAddWithoutValidation(key, values.ToArray());
        }

        return request;
    }

    private async Task AddNodesAsync(HttpResponseMessage response, HttpContext http)
    {
        var checks = JsonNode.Parse(await response.Content.ReadAsStringAsync(http.RequestAborted))!.AsArray();
        foreach (var name in _names)
        {
            checks.Add(new JsonObject
            {
                ["Node"] = name, ["CheckID"] = "serfHealth", ["Name"] = "Serf Health Status", ["Status"] = "passing", ["Notes"] = "",
                ["Output"] = "hollow", ["ServiceID"] = "", ["ServiceName"] = "", ["ServiceTags"] = new JsonArray(),
            });
        }

        await http.Response.WriteAsync(checks.ToJsonString(), http.RequestAborted);
    }
}
