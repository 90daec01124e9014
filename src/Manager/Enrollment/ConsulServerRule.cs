// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Api;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Leadership;
using ClusterManager.Manager.State;

namespace ClusterManager.Manager.Enrollment;

/// <summary>
/// Which managers' Consul agents are servers: with an odd number of managers from three on, all of them; before, those that are. An even
/// number of servers survives no more losses than one fewer, so the second and fourth manager wait as clients for the next.
/// </summary>
internal static class ConsulServerRule
{
    private const int ManagersForQuorum = 3;

    /// <summary>The managers that are to become servers now. Pure.</summary>
    public static IReadOnlyList<NodeRecord> ToPromote(ClusterState state)
    {
        var managers = state.Nodes.Values.Where(node => node.IsManager).ToList();
        return managers.Count >= ManagersForQuorum && managers.Count % 2 == 1 ? managers.FindAll(node => !node.IsConsulServer) : [];
    }

    /// <summary>Records them; their agents do the rest.</summary>
    public static async Task ApplyAsync(LeaderTerm term, CancellationToken cancellationToken)
    {
        foreach (var node in ToPromote(term.Engine.Snapshots.Current))
        {
            var origin = new MutationOrigin($"consul-server-{node.Id}", "enrollment", "RecordNode");
            await Mutations.SubmitAsync(
                term, ticket => new ClusterEvent.RecordNode(ticket, origin, node with { IsConsulServer = true }), cancellationToken);
        }
    }
}
