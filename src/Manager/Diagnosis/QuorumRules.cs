// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul;
using ClusterManager.Manager.State;
using ClusterManager.Model;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Diagnosis;

/// <summary>How many of a thing there should be, and whether the servers' quorum holds. Pure.</summary>
internal static class QuorumRules
{
    /// <summary>Managers: an odd number, all of them there.</summary>
    public static IEnumerable<V1.Finding> JudgeManagers(ClusterState state)
    {
        var managers = state.Nodes.Values.Count(node => node.IsManager);
        yield return managers % 2 == 0
            ? Found.Hint("managers", "", $"{managers}: no safer than {managers - 1}", "1, 3 or 5",
                "cluster token create --manager, then join one more")
            : Found.Ok("managers", "", $"{managers}");
        if (state.BrakeSince is not null)
            yield return Found.Alarm("brake", "", "on: too many nodes went down at once, nothing moves", "off",
                "mend the network or the machines; or, when they are lost: cluster node confirm-loss");
    }

    /// <summary>The Consul servers as the leader's Consul sees them.</summary>
    /// <param name="state">Which nodes are to be servers.</param>
    /// <param name="peers">Who is in the quorum; null: Consul did not say.</param>
    /// <param name="health">Its autopilot's view; null: it did not say.</param>
    public static IEnumerable<V1.Finding> JudgeServers(ClusterState state, IReadOnlyList<RaftServer>? peers, AutopilotHealth? health)
    {
        if (peers is null)
        {
            yield return Found.Alarm("consul-quorum", "", "the leader's Consul did not say who its servers are", "it answers",
                "cluster status; on the leader: cluster host status");
            yield break;
        }

        var wanted = state.Nodes.Values.Where(node => node.IsConsulServer).Select(node => node.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var stranger in peers.Where(peer => !wanted.Contains(peer.Node)))
            yield return Found.Alarm("consul-quorum", stranger.Node, "has a vote in Consul's quorum and is no server of this cluster",
                "only the cluster's servers vote", "on a manager: consul operator raft remove-peer -id " + stranger.Id);
        foreach (var missing in wanted.Where(name => peers.All(peer => peer.Node != name)).Order(StringComparer.Ordinal))
            yield return Found.Alarm("consul-quorum", missing, "is to be a Consul server and has no vote", "it votes",
                $"on {missing}: cluster host restart consul");
        yield return peers.Count % 2 == 0
            ? Found.Hint("consul-quorum", "", $"{peers.Count} servers: no safer than {peers.Count - 1}", "1, 3 or 5",
                "cluster token create --manager, then join one more")
            : Found.Ok("consul-quorum", "", $"{peers.Count} {(peers.Count == 1 ? "server" : "servers")}");
        foreach (var finding in JudgeHealth(peers.Count, health)) yield return finding;
    }

    private static IEnumerable<V1.Finding> JudgeHealth(int servers, AutopilotHealth? health)
    {
        if (health is null) yield break;
        foreach (var sick in health.Servers.Where(server => !server.Healthy))
            yield return Found.Alarm("consul-server", sick.Name, $"not healthy ({sick.SerfStatus})", "healthy",
                $"on {sick.Name}: cluster host status; cluster host start consul");
        if (servers < 3) yield break;
        yield return health.FailureTolerance > 0 ? Found.Ok("consul-tolerance", "", $"{health.FailureTolerance} may fail")
            : Found.Alarm("consul-tolerance", "", "the next server that fails takes the quorum with it", "at least 1 may fail",
                "bring back the servers that are away: cluster node ls");
    }
}
