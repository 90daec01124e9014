// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Consul;
using ClusterManager.Hosting.Concurrency;
using ClusterManager.Manager.Engine;
using ClusterManager.Model;

namespace ClusterManager.Manager.Discovery;

/// <summary>The second witness of a node's death: Consul's serfHealth of all nodes, by blocking queries, posted as events.</summary>
internal sealed class SerfWatcher(ConsulClient consul, EngineLoop engine)
{
    private const string SerfFilter = $"CheckID == \"{SerfReading.Check}\"";

    // Asked of the nearest server and often: a query that was passed on to Consul's leader hangs for half a minute when that machine
    // loses its power, and it is such losses that are watched for.
    private static readonly WatchOptions Options = new()
    {
        Mode = ConsistencyMode.Stale, Wait = TimeSpan.FromSeconds(2), BackoffMax = TimeSpan.FromSeconds(1),
    };

    private readonly Lock _lock = new();
    private IReadOnlyList<HealthCheck>? _checks;
    private SerfReading? _told;

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var tasks = new OwnedTasks(cancellationToken);
        tasks.TryStart(WatchConsulAsync);
        tasks.TryStart(WatchNodesAsync);
        await tasks.WhenEndedAsync();
    }

    private async Task WatchConsulAsync(CancellationToken cancellationToken)
    {
        var watch = ConsulWatch.WatchAsync(
            (read, token) => consul.Health.GetFilteredAsync(SerfFilter, read, token), Options, consul.Time, cancellationToken);
        await foreach (var change in watch)
        {
            if (change is not WatchEvent<IReadOnlyList<HealthCheck>>.News news) continue;
            lock (_lock) _checks = news.Answer.Value;
            Post();
        }
    }

    // Consul knows a machine before its record does: when a record is made, what Consul said earlier is about it too.
    private async Task WatchNodesAsync(CancellationToken cancellationToken)
    {
        var snapshots = engine.Snapshots.Subscribe();
        ImmutableSortedDictionary<NodeId, State.NodeRecord>? known = null;
        while (true)
        {
            var nodes = (await snapshots.NextAsync(cancellationToken)).Nodes;
            if (ReferenceEquals(nodes, known)) continue;
            known = nodes;
            Post();
        }
    }

    private void Post()
    {
        lock (_lock)
        {
            if (_checks is null) return;
            var now = SerfReading.Of(engine.Snapshots.Current.Nodes.Values, _checks);
            if (now.NewsSince(_told) is not { } news) return;
            // A full mailbox is no loss: the next change, or the next answer of the query, says it again.
            if (engine.TryPost(news)) _told = now;
        }
    }
}
