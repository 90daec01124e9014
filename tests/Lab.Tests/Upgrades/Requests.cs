// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using ClusterManager.Lab.Tests.Harness;

namespace ClusterManager.Lab.Tests.Upgrades;

/// <summary>Asks some endpoints without a pause to speak of until it is ended, and keeps every failure.</summary>
internal sealed class Requests : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly Task _running;
    private long _done;

    /// <summary>Begins.</summary>
    public Requests(IEnumerable<Endpoint> endpoints) => _running = Task.WhenAll(endpoints.Select(RunAsync));

    /// <summary>Answered requests so far.</summary>
    public long Done => Interlocked.Read(ref _done);

    /// <summary>What failed so far.</summary>
    public IReadOnlyCollection<string> Failures => _failures;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _http.Dispose();
        _stop.Dispose();
    }

    // A new connection each time: an open one would not notice that nobody accepts.
    private async Task RunAsync(Endpoint endpoint)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{endpoint.Address}:{endpoint.Port}/");
                request.Headers.ConnectionClose = true;
                using var answer = await _http.SendAsync(request, CancellationToken.None);
                answer.EnsureSuccessStatusCode();
                Interlocked.Increment(ref _done);
                await Task.Delay(Pause, TimeProvider.System, _stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                _failures.Enqueue($"{endpoint}: {e.Message}");
            }
        }
    }
}
