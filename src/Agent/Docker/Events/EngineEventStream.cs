// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;

namespace ClusterManager.Agent.Docker;

/// <summary>
/// The engine's events for as long as the agent lives: reconnects after every break, resumes where it was, and gives each event once.
/// Works with any <see cref="IContainerEngine"/>.
/// </summary>
/// <remarks>
/// The delays double, without jitter (one agent talks to one engine), and start over once a connection lasted for the longest delay.
/// </remarks>
public sealed class EngineEventStream(IContainerEngine engine, EngineEventFilter filter, TimeProvider time)
{
    /// <summary>The first delay before trying again: 100 ms.</summary>
    public static readonly TimeSpan RetryDelayMin = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest delay before trying again: 2 s.</summary>
    public static readonly TimeSpan RetryDelayMax = TimeSpan.FromSeconds(2);

    /// <summary>Reads until cancelled. For one reader; a second call begins a stream of its own.</summary>
    public async IAsyncEnumerable<EngineNotice> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var recent = new RecentEvents();
        var delay = RetryDelayMin;
        while (true)
        {
            var (events, failure) = await TryOpenAsync(recent.ResumeFromUnixNanoseconds, cancellationToken);
            if (events is not null)
            {
                await using var opened = events;
                var opening = time.GetTimestamp();
                yield return new EngineNotice.Connected();
                while (failure is null)
                {
                    (var happened, failure) = await TryReadAsync(opened, cancellationToken);
                    if (happened is not null && recent.Add(happened))
                        yield return new EngineNotice.Happened(happened);
                }
                if (time.GetElapsedTime(opening) >= RetryDelayMax)
                    delay = RetryDelayMin;
            }
            yield return new EngineNotice.Disconnected(failure!.Kind, failure.Message, delay);
            await Task.Delay(delay, time, cancellationToken);
            delay = delay * 2 < RetryDelayMax ? delay * 2 : RetryDelayMax;
        }
    }

    private async Task<(IEngineEventReader? Events, DockerException? Failure)> TryOpenAsync(
        long? since, CancellationToken cancellationToken)
    {
        try
        {
            return (await engine.OpenEventsAsync(since, filter, cancellationToken), null);
        }
        catch (DockerException exception)
        {
            return (null, exception);
        }
    }

    private static async Task<(EngineEvent? Happened, DockerException? Failure)> TryReadAsync(
        IEngineEventReader events, CancellationToken cancellationToken)
    {
        try
        {
            return (await events.ReadAsync(cancellationToken), null);
        }
        catch (DockerException exception)
        {
            return (null, exception);
        }
    }
}
