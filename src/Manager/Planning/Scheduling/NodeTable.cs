// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Scheduling;

/// <summary>
/// The nodes with what is reserved on them, as one turn found them and with what the turn has placed since. Nothing is copied: a node is
/// looked up when it is asked for.
/// </summary>
internal sealed class NodeTable
{
    private readonly ClusterState state;
    private readonly ImmutableSortedSet<NodeLoad>.Builder byLoad;
    private readonly SortedDictionary<NodeId, NodeUsage> taken = [];

    private NodeTable(ClusterState state)
    {
        this.state = state;
        byLoad = state.NodeIndex.ByLoad.ToBuilder();
    }

    /// <summary>All nodes, by id. Costs a look at each: for explanations.</summary>
    public IEnumerable<NodeCandidate> All => state.Nodes.Values.Select(CandidateOf);

    /// <param name="state">Its index must be up to date.</param>
    public static NodeTable Of(ClusterState state) => new(state);

    /// <summary>The node; null: there is none.</summary>
    public NodeCandidate? Find(NodeId node) => state.Nodes.TryGetValue(node, out var record) ? CandidateOf(record) : null;

    /// <summary>The first node that takes replicas whose load is not below the given one (null: the emptiest); null: none.</summary>
    public NodeLoad? FirstFrom(NodeLoad? from)
    {
        var at = from is { } load ? byLoad.IndexOf(load) : 0;
        if (at < 0) at = ~at;
        return at < byLoad.Count ? byLoad[at] : null;
    }

    /// <summary>The next one; null: it was the last.</summary>
    public NodeLoad? Next(NodeLoad after)
    {
        var at = byLoad.IndexOf(after);
        at = at < 0 ? ~at : at + 1;
        return at < byLoad.Count ? byLoad[at] : null;
    }

    /// <summary>A replica was placed on the node: what it reserves is taken.</summary>
    public void Take(NodeId node, ServiceSpec spec, string holder)
    {
        var before = Find(node)!;
        var after = before with { Usage = before.Usage.With(spec, holder) };
        taken[node] = after.Usage;
        if (byLoad.Remove(before.Load)) byLoad.Add(after.Load);
    }

    private NodeCandidate CandidateOf(NodeRecord node)
    {
        if (!taken.TryGetValue(node.Id, out var usage)) usage = state.NodeIndex.Usage.GetValueOrDefault(node.Id, NodeUsage.None);
        var seen = state.NodeObservations.GetValueOrDefault(node.Id);
        return new NodeCandidate(node, seen?.State ?? NodeState.Unknown, usage)
        {
            Disk = seen?.Disk, KnowsColours = seen?.KnowsColours == true,
            KnowsNoHooks = seen is { SessionNumber: > 0, CanRunHooks: false },
        };
    }
}
