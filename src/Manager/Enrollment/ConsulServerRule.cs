// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Api;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Leadership;
using ClusterManager.Manager.Planning.Recovery;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Enrollment;

/// <summary>
/// Which managers' Consul agents are servers: with an odd number of managers from three on, all of them; before, those that are. An even
/// number of servers survives no more losses than one fewer, so the second and fourth manager wait as clients for the next.
/// </summary>
internal static class ConsulServerRule
{
    private const int ManagersForQuorum = 3;

    /// <summary>The managers that are to become servers now. Pure.</summary>
    /// <param name="state">The state.</param>
    /// <param name="confirming">A node that confirms the state's incarnation just now.</param>
    public static IReadOnlyList<NodeRecord> ToPromote(ClusterState state, NodeId? confirming = null)
    {
        var managers = state.Nodes.Values.Where(node => node.IsManager).ToList();
        // After a restore all come back one by one, or are removed: a quorum is never built of those that may be dead.
        if (managers.Any(node => UnconfirmedNodes.IsUnconfirmed(state, node) && node.Id != confirming && !IsNew(state, node))) return [];
        return managers.Count >= ManagersForQuorum && managers.Count % 2 == 1 ? managers.FindAll(node => !node.IsConsulServer) : [];
    }

    /// <summary>It has joined in this life of the state and its agent is still to come.</summary>
    private static bool IsNew(ClusterState state, NodeRecord node) => node.JoinedAt >= state.Meta.CreatedAt;

    /// <summary>Records them; their agents do the rest.</summary>
    public static async Task ApplyAsync(LeaderTerm term, CancellationToken cancellationToken, NodeId? confirming = null)
    {
        foreach (var node in ToPromote(term.Engine.Snapshots.Current, confirming))
        {
            var origin = new MutationOrigin($"consul-server-{node.Id}", "enrollment", "RecordNode");
            await Mutations.SubmitAsync(
                term, ticket => new ClusterEvent.RecordNode(ticket, origin, node with { IsConsulServer = true }), cancellationToken);
        }
    }
}
