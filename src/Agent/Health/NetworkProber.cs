// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using ClusterManager.Model;

namespace ClusterManager.Agent.Health;

/// <summary>Asks over the node's bridge: HTTP (200 to 399 is healthy, redirections are not followed) or a TCP connect.</summary>
internal sealed class NetworkProber : IProber, IDisposable
{
    private const int BodyBytesMax = 1024;
    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _http;

    /// <summary>A prober with this clock for its time-outs.</summary>
    public NetworkProber(TimeProvider time)
    {
        _time = time;
        // A new connection each time: a container that accepts no more must fail, whatever an old connection still answers.
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            PooledConnectionLifetime = TimeSpan.Zero,
        });
    }

    /// <inheritdoc/>
    public async Task<ProbeResult> ProbeAsync(ProbeTarget target, CancellationToken cancellationToken)
    {
        if (target.Address == "") return ProbeResult.Of(false, "the container has no address");
        if (target.Port == 0) return ProbeResult.Of(false, "the health check names no port and the service has none");
        using var deadline = new CancellationTokenSource(target.Timeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return target.Kind == HealthKind.Tcp ? await ConnectAsync(target, both.Token) : await GetAsync(target, both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ProbeResult.Of(false, string.Create(CultureInfo.InvariantCulture,
                $"no answer within {target.Timeout.TotalSeconds:0.###} s"));
        }
        catch (Exception error) when (error is HttpRequestException or SocketException or IOException or UriFormatException)
        {
            return ProbeResult.Of(false, error.Message);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static async Task<ProbeResult> ConnectAsync(ProbeTarget target, CancellationToken cancellationToken)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(target.Address, target.Port, cancellationToken);
        return ProbeResult.Of(true, $"port {target.Port} accepts connections");
    }

    private async Task<ProbeResult> GetAsync(ProbeTarget target, CancellationToken cancellationToken)
    {
        var host = target.Address.Contains(':', StringComparison.Ordinal) ? $"[{target.Address}]" : target.Address;
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{host}:{target.Port}{target.Path}");
        request.Headers.TryAddWithoutValidation("User-Agent", "cluster-agent");
        using var response = await _http.SendAsync(request, cancellationToken);
        var status = (int)response.StatusCode;
        var isPassed = status is >= 200 and < 400;
        return ProbeResult.Of(isPassed, $"HTTP {status} {await BodyAsync(response, cancellationToken)}".TrimEnd());
    }

    private static async Task<string> BodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[BodyBytesMax];
        var count = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return Encoding.UTF8.GetString(buffer, 0, count).Trim();
    }
}
