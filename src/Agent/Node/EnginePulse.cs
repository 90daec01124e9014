// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Docker;
using ClusterManager.Hosting.Concurrency;

namespace ClusterManager.Agent.Node;

/// <summary>
/// Asks the engine every 5 s for a sign of life. An engine that hangs breaks no connection: its events just stay away, and only who asks
/// and gets no answer notices.
/// </summary>
internal sealed class EnginePulse(IContainerEngine engine, TimeProvider time)
{
    /// <summary>Between an answer and the next question, and how long the engine may take to answer: it hangs after 5 to 10 s.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Why the engine counts as hanging; null while it answers, and while it refuses, which its events tell.</summary>
    public LatestValue<string?> Problem { get; } = new(null);

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(Interval, time, cancellationToken);
            var problem = await AskAsync(cancellationToken);
            if (problem != Problem.Current) Problem.Publish(problem);
        }
    }

    private async Task<string?> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            await engine.PingAsync(Interval, cancellationToken);
            return null;
        }
        catch (DockerException error)
        {
            return error.Kind == DockerErrorKind.Timeout ? $"the engine hangs: it did not answer within {Interval.TotalSeconds:0} s" : null;
        }
    }
}
