// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Model;

namespace ClusterManager.Manager.State;

/// <summary>
/// What is reserved on each node, and the nodes that take replicas in the order of their load. Kept up with each turn for the nodes that
/// the turn moved, so that a turn costs what it changes, not what the cluster has: see docs/planning.md.
/// </summary>
internal sealed record NodeIndex
{
    /// <summary>No node.</summary>
    public static NodeIndex Empty { get; } = new();

    /// <summary>By node: what is reserved there; a node without anything may be missing.</summary>
    public ImmutableSortedDictionary<NodeId, NodeUsage> Usage { get; private init; } = ImmutableSortedDictionary<NodeId, NodeUsage>.Empty;

    /// <summary>By node: its place in <see cref="ByLoad"/>; missing: it takes nothing.</summary>
    public ImmutableSortedDictionary<NodeId, NodeLoad> Loads { get; private init; } = ImmutableSortedDictionary<NodeId, NodeLoad>.Empty;

    /// <summary>The nodes that are ready and active, the emptiest first.</summary>
    public ImmutableSortedSet<NodeLoad> ByLoad { get; private init; } = [];

    /// <summary>Counts everything anew.</summary>
    public static NodeIndex Of(ClusterState state) => Empty.Recounted(state, state.Nodes.Keys);

    /// <summary>The index with these nodes counted anew. A node that has gone is taken out.</summary>
    public NodeIndex Recounted(ClusterState state, IEnumerable<NodeId> nodes)
    {
        var (usages, loads, byLoad) = (Usage.ToBuilder(), Loads.ToBuilder(), ByLoad.ToBuilder());
        foreach (var id in nodes)
        {
            var usage = state.Nodes.TryGetValue(id, out var node) ? NodeUsage.Of(state, id) : NodeUsage.None;
            if (usage.Allocations > 0) usages[id] = usage;
            else usages.Remove(id);
            NodeLoad? after = node is not null && TakesReplicas(state, node) ? NodeLoad.Of(node, usage) : null;
            NodeLoad? before = loads.TryGetValue(id, out var known) ? known : null;
            if (before == after) continue;
            if (before is { } old) byLoad.Remove(old);
            if (after is { } load)
            {
                loads[id] = load;
                byLoad.Add(load);
            }
            else loads.Remove(id);
        }

        return new NodeIndex { Usage = usages.ToImmutable(), Loads = loads.ToImmutable(), ByLoad = byLoad.ToImmutable() };
    }

    /// <summary>Both indexes say the same.</summary>
    public bool Matches(NodeIndex other) =>
        Usage.SequenceEqual(other.Usage) && Loads.SequenceEqual(other.Loads) && ByLoad.SequenceEqual(other.ByLoad);

    private static bool TakesReplicas(ClusterState state, NodeRecord node) =>
        node.Availability == NodeAvailability.Active
        && state.NodeObservations.TryGetValue(node.Id, out var seen) && seen.State == NodeState.Ready;
}
