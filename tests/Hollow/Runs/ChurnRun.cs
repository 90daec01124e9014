// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using ClusterManager.Agent.Docker;
using ClusterManager.Hollow.Cluster;

namespace ClusterManager.Hollow.Runs;

/// <summary>How long from a call to a running container, while changes go on all the time.</summary>
/// <param name="FromSent">From the sending of the call to the container's start, in milliseconds, sorted.</param>
/// <param name="FromAccepted">From the manager's answer; 0 when the container ran before the answer was here.</param>
/// <param name="ToAccepted">From the sending to the answer.</param>
/// <param name="Missing">Changes whose container had not started at the end.</param>
internal sealed record ChurnResult(
    IReadOnlyList<double> FromSent, IReadOnlyList<double> FromAccepted, IReadOnlyList<double> ToAccepted, int Missing);

/// <summary>Scales services up and down at a steady rate and times each container that it brings.</summary>
/// <param name="cluster">Where; its engines start containers at once.</param>
/// <param name="time">The clock.</param>
internal sealed class ChurnRun(HollowCluster cluster, TimeProvider time)
{
    private const int Services = 100;
    private const int Replicas = 3;
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<string, ConcurrentQueue<long>> _startedAt = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<(long Sent, long Accepted, long Started)> _done = [];
    private int _missing;

    /// <summary>Deploys, changes for a while, and says what it saw.</summary>
    /// <param name="changesPerSecond">Every second of them scales up and is timed.</param>
    /// <param name="duration">How long.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<ChurnResult> RunAsync(double changesPerSecond, TimeSpan duration, CancellationToken cancellationToken)
    {
        var workload = new Workload(cluster, Services, Replicas);
        await workload.DeployAsync(cancellationToken);
        await Task.Delay(Settle, time, cancellationToken);
        cluster.Fleet.OnStarted = Note;
        using var end = new CancellationTokenSource(duration, time);
        await Pace.RunAsync(changesPerSecond, number => ChangeAsync(workload, number), time, end.Token);
        return new ChurnResult(
            Sorted(one => (one.Sent, one.Started)), Sorted(one => (one.Accepted, one.Started)), Sorted(one => (one.Sent, one.Accepted)),
            _missing);
    }

    private async Task ChangeAsync(Workload workload, int number)
    {
        var name = workload.TargetOf(number);
        var isTimed = workload.WillScaleUp(number);
        var started = new ConcurrentQueue<long>();
        if (isTimed) _startedAt[name] = started;
        var sent = time.GetTimestamp();
        await workload.ChangeAsync(number, CancellationToken.None);
        var accepted = time.GetTimestamp();
        if (!isTimed) return;
        // The next change of this service comes seconds later.
        for (var i = 0; i < 500 && started.IsEmpty; i++) await Task.Delay(TimeSpan.FromMilliseconds(10), time);
        if (started.TryDequeue(out var at)) _done.Add((sent, accepted, at));
        else Interlocked.Increment(ref _missing);
    }

    private void Note(ContainerRequest request)
    {
        var now = time.GetTimestamp();
        if (request.Labels.TryGetValue("cluster.service", out var name) && _startedAt.TryGetValue(ShortOf(name), out var waiting))
            waiting.Enqueue(now);
    }

    private static string ShortOf(string service) => service[(service.LastIndexOf('/') + 1)..];

    private List<double> Sorted(Func<(long Sent, long Accepted, long Started), (long From, long To)> span) =>
        [.. _done.Select(span).Select(pair => Math.Max(0, time.GetElapsedTime(pair.From, pair.To).TotalMilliseconds)).Order()];
}
