// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Consul;
using ClusterManager.Manager.Engine;
using ClusterManager.Model;

namespace ClusterManager.Manager.Discovery;

/// <summary>The second witness of a node's death: Consul's serfHealth of all nodes, by blocking queries, posted as events.</summary>
internal sealed class SerfWatcher(ConsulClient consul, EngineLoop engine)
{
    private const string SerfCheck = "serfHealth";
    private static readonly WatchOptions Options = new()
    {
        Mode = ConsistencyMode.Default, Wait = TimeSpan.FromSeconds(30), BackoffMax = TimeSpan.FromSeconds(1),
    };

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        ImmutableSortedDictionary<NodeId, bool>? last = null;
        var watch =
            ConsulWatch.WatchAsync((read, token) => consul.Health.GetStateAsync(null, read, token), Options, consul.Time,
            cancellationToken);
        await foreach (var change in watch)
        {
            if (change is not WatchEvent<IReadOnlyList<HealthCheck>>.News news) continue;
            var now = Read(news.Answer.Value);
            if (last is not null && now.SequenceEqual(last)) continue;
            // A full mailbox is no loss: the next change, or the next answer of the query, says it again.
            if (engine.TryPost(new ClusterEvent.SerfObserved(now))) last = now;
        }
    }

    private ImmutableSortedDictionary<NodeId, bool> Read(IReadOnlyList<HealthCheck> checks)
    {
        var byName = engine.Snapshots.Current.Nodes.Values.ToDictionary(node => node.Name, node => node.Id, StringComparer.Ordinal);
        var builder = ImmutableSortedDictionary.CreateBuilder<NodeId, bool>();
        foreach (var check in checks)
        {
            if (check.Id == SerfCheck && byName.TryGetValue(check.Node, out var id)) builder[id] = check.Status == CheckStatus.Passing;
        }

        return builder.ToImmutable();
    }
}
