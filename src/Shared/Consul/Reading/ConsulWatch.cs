// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;

namespace ClusterManager.Consul;

/// <summary>Blocking queries as an endless sequence.</summary>
public static class ConsulWatch
{
    // An answer without news that comes back sooner than this did not wait: something between us and Consul answers for it.
    private static readonly TimeSpan SpinGuard = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Reads once, then again whenever the answer has changed, until cancelled. Failures are events, not exceptions: the watch
    /// pauses (exponential, jittered, bounded) and goes on. Stays on the caller's scheduler.
    /// </summary>
    /// <example><code>
    /// await foreach (var change in ConsulWatch.WatchAsync((read, ct) => consul.Kv.GetAsync("cm/v1/lead", read, ct), options,
    /// consul.Time, ct))
    /// </code></example>
    /// <param name="query">The read, with the options to pass on.</param>
    /// <param name="options">Waiting and failures.</param>
    /// <param name="time">The clock of the pauses.</param>
    /// <param name="cancellation">Ends the sequence with <see cref="OperationCanceledException"/>.</param>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <exception cref="ConsulException">Only of a kind no retry can mend: <see cref="ConsulErrorKind.BadRequest"/>.</exception>
    public static async IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(
        Func<ReadOptions, CancellationToken, Task<ConsulAnswer<T>>> query,
        WatchOptions options,
        TimeProvider time,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        var index = WatchIndex.Start;
        var failures = 0;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var started = time.GetTimestamp();
            var (answer, error) = await TryAsync(query, new ReadOptions(options.Mode, index.Next, options.Wait), cancellation);
            if (error is not null)
            {
                var pause = WatchBackoff.Delay(options, ++failures);
                yield return new WatchEvent<T>.Failed(error, failures, pause);
                await Task.Delay(pause, time, cancellation);
                // Afresh: the next answer comes at once and ends the doubt, and an index of a Consul that was replaced is not waited for.
                index = WatchIndex.Start;
                continue;
            }

            failures = 0;
            (index, var isNews) = index.Take(answer!.Index);
            if (isNews)
                yield return new WatchEvent<T>.News(answer);
            else if (time.GetElapsedTime(started) < SpinGuard)
                await Task.Delay(SpinGuard, time, cancellation);
        }
    }

    private static async Task<(ConsulAnswer<T>? Answer, ConsulException? Error)> TryAsync<T>(
        Func<ReadOptions, CancellationToken, Task<ConsulAnswer<T>>> query, ReadOptions read, CancellationToken cancellation)
    {
        try
        {
            return (await query(read, cancellation), null);
        }
        catch (ConsulException error) when (error.Kind != ConsulErrorKind.BadRequest)
        {
            return (null, error);
        }
    }
}
