// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Consul;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Discovery;

/// <summary>What Consul's serfHealth says of every node that has a record, at one moment.</summary>
/// <param name="Nodes">By id: the record's ordinal (a machine that joins anew is another one), and passing or not.</param>
internal sealed record SerfReading(ImmutableSortedDictionary<NodeId, (int Ordinal, bool IsPassing)> Nodes)
{
    /// <summary>The id of the check that every Consul agent has.</summary>
    public const string Check = "serfHealth";

    /// <summary>Consul knows machines by their names; one that it does not list is as gone as one that it lists as failed.</summary>
    public static SerfReading Of(IEnumerable<NodeRecord> nodes, IEnumerable<HealthCheck> checks)
    {
        var passing = checks.Where(check => check.Id == Check && check.Status == CheckStatus.Passing).Select(check => check.Node)
            .ToHashSet(StringComparer.Ordinal);
        return new SerfReading(nodes.ToImmutableSortedDictionary(node => node.Id, node => (node.Ordinal, passing.Contains(node.Name))));
    }

    /// <summary>The event that tells what is new; null: nothing is.</summary>
    /// <param name="before">What the engine was told last; null: nothing in this term.</param>
    public ClusterEvent.SerfObserved? NewsSince(SerfReading? before)
    {
        var passing = Nodes.ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value.IsPassing);
        if (before is null) return new ClusterEvent.SerfObserved(passing);
        var changed = Nodes.Where(pair => !before.Nodes.TryGetValue(pair.Key, out var old) || old != pair.Value)
            .Select(pair => pair.Key).ToImmutableArray();
        return changed.IsEmpty ? null : new ClusterEvent.SerfObserved(passing, changed);
    }
}
