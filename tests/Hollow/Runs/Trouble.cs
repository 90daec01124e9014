// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hollow.Cluster;
using Grpc.Core;

namespace ClusterManager.Hollow.Runs;

/// <summary>What keeps a hollow cluster busy: cut connections, crashing containers, changes. Counts what it did.</summary>
/// <param name="cluster">Where.</param>
/// <param name="workload">What is changed.</param>
/// <param name="options">How often.</param>
/// <param name="time">The clock.</param>
internal sealed class Trouble(HollowCluster cluster, Workload workload, SoakOptions options, TimeProvider time)
{
    private readonly Random _random = new(options.Seed);
    private int _cuts;
    private int _crashes;
    private int _changes;
    private int _refused;

    /// <summary>Makes trouble for so long.</summary>
    public async Task RunAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        using var end = new CancellationTokenSource(duration, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, end.Token);
        using var failing = CancellationTokenSource.CreateLinkedTokenSource(either.Token, cluster.Fleet.Failing);
        await Task.WhenAll(
            Pace.RunAsync(options.CutsPerSecond, _ => Do(ref _cuts, cluster.Fleet.CutOne), time, failing.Token),
            Pace.RunAsync(options.CrashesPerSecond, _ => Do(ref _crashes, cluster.Fleet.CrashOne), time, failing.Token),
            Pace.RunAsync(options.ChangesPerSecond, _ => ChangeAsync(), time, failing.Token));
        cancellationToken.ThrowIfCancellationRequested();
        if (cluster.Fleet.Failing.IsCancellationRequested) throw new InvalidOperationException("an agent failed");
    }

    public override string ToString() => $"{_cuts} cuts, {_crashes} crashes, {_changes} changes, {_refused} refused";

    private Task Do(ref int count, Action<Random> act)
    {
        count++;
        lock (_random) act(_random);
        return Task.CompletedTask;
    }

    private async Task ChangeAsync()
    {
        try
        {
            await workload.ChangeAsync(_changes++, CancellationToken.None);
        }
        catch (RpcException)
        {
            // A leader may lose its fence on a machine that is too busy; the next change finds the next term.
            _refused++;
        }
    }
}
