// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Output.Views;
using ClusterManager.Cli.Shell;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Progress;

/// <summary>Waits until nothing of the cluster runs on a drained node any more, and says how many are left whenever that changes.</summary>
/// <param name="session">Where it shows.</param>
/// <param name="node">The node's name.</param>
/// <param name="limit">Give up waiting after this time (code 6); null: as long as it takes.</param>
internal sealed class DrainWait(CliSession session, string node, TimeSpan? limit)
{
    private const int NamesMax = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LostLimit = TimeSpan.FromSeconds(30);
    private readonly TimeProvider _time = session.Environment.Time;
    private readonly long _begin = session.Environment.Time.GetTimestamp();
    private int? _told;

    /// <summary>Waits.</summary>
    /// <returns>The exit code. Ctrl-C detaches: code 130, and the cluster goes on.</returns>
    /// <exception cref="CliException">
    /// The limit passed, no manager was reached for half a minute, or the node is no longer drained.
    /// </exception>
    public async Task<ExitCode> RunAsync(CancellationToken cancellationToken)
    {
        var lastHeard = _begin;
        try
        {
            while (true)
            {
                try
                {
                    if (IsEmpty(await LookAsync(cancellationToken))) return ExitCode.Done;
                    lastHeard = _time.GetTimestamp();
                }
                catch (CliException e) when (e.Code == ExitCode.NoManager && _time.GetElapsedTime(lastHeard) < LostLimit)
                {
                    // Another one will lead in a moment.
                }

                if (limit is { } most && _time.GetElapsedTime(_begin) >= most)
                    throw new CliException(ExitCode.OutcomeUnknown,
                        $"{node} is not empty after {TimeText.Span(most)}: {_told} {Word(_told)} left; the cluster goes on",
                        $"cluster node inspect {node}");
                await Task.Delay(Pause, _time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            session.Note(
                $"Detached: the cluster goes on. To see how: cluster node inspect {node}; to undo it: cluster node activate {node}");
            return ExitCode.Interrupted;
        }
    }

    private Task<V1.NodeDetail> LookAsync(CancellationToken cancellationToken) => session.Cluster.ReadAsync(
        (invoker, options) => new V1.NodeApi.NodeApiClient(invoker).GetAsync(new V1.GetNodeRequest { Node = node }, options),
        cancellationToken);

    private bool IsEmpty(V1.NodeDetail detail)
    {
        if (detail.Status.Availability != V1.NodeAvailability.Drained)
            throw new CliException(
                ExitCode.Conflict, $"{node} is {Words.Of(detail.Status.Availability)} meanwhile: it is not emptied any more",
                $"cluster node drain {node} --wait");
        var left = detail.Allocations.Where(allocation => !allocation.Ended).ToList();
        if (left.Count > 0 && left.Count != _told)
        {
            var names = string.Join(", ", left.Take(NamesMax).Select(allocation => allocation.Name));
            session.Note($"{left.Count} {Word(left.Count)} left on {node}: {names}{(left.Count > NamesMax ? ", …" : "")}");
        }

        _told = left.Count;
        return left.Count == 0;
    }

    private static string Word(int? count) => count == 1 ? "replica is" : "replicas are";
}
