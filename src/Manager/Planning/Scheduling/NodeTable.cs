// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Scheduling;

/// <summary>All nodes with what is reserved on them. Counted once a turn, then kept up with each placement.</summary>
internal sealed class NodeTable
{
    private NodeTable(ImmutableSortedDictionary<NodeId, NodeCandidate> candidates) => Candidates = candidates;

    public ImmutableSortedDictionary<NodeId, NodeCandidate> Candidates { get; }

    public static NodeTable Of(ClusterState state) =>
        new(state.Nodes.Values.ToImmutableSortedDictionary(node => node.Id, node => new NodeCandidate(
            node, state.NodeObservations.TryGetValue(node.Id, out var seen) ? seen.State : NodeState.Unknown, UsageOf(state, node.Id))));

    private static NodeUsage UsageOf(ClusterState state, NodeId node)
    {
        var usage = new NodeUsage();
        if (!state.LiveByNode.TryGetValue(node, out var live)) return usage;
        foreach (var id in live)
        {
            if (state.Find(id) is not { } record || state.IsKept(record)) continue;
            if (!state.Revisions.TryGetValue(id.Service, out var revisions)) continue;
            if (revisions.TryGetValue(record.Revision, out var revision))
                usage.Add(revision.Spec, $"{revision.Spec.Name.Display}.{id.Slot}", !record.IsWanted);
        }

        return usage;
    }
}
