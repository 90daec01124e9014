// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Planning;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Simulation.Checks;

/// <summary>
/// Nothing is written off without its reason: both witnesses say that the node is gone, or one of them for its grace; and not while so many
/// went at once that the fault is more likely ours. Told again here from what was witnessed, not from what the engine made of it.
/// </summary>
internal static class Losses
{
    private static readonly EngineTimings Timings = EngineTimings.Default;

    public static IEnumerable<string> Check(ClusterState before, ClusterState after)
    {
        foreach (var (service, map) in after.Allocations)
        {
            if (before.Allocations.TryGetValue(service, out var old) && ReferenceEquals(old, map)) continue;
            foreach (var record in map.BySlot.Values.SelectMany(records => records))
            {
                if (record.Ended != AllocationState.Lost || before.Find(record.Id) is not { Ended: null }) continue;
                if (!after.Nodes.TryGetValue(record.Node, out var node)) continue; // removed by an operator
                var seen = after.NodeObservations.GetValueOrDefault(record.Node) ?? new NodeObservation();
                if (Unexplained(before, after, node, seen, record.EndedAt!.Value) is { } why)
                    yield return $"{record.Id} on {node.Name} is lost: {why}";
                if (!map.BySlot[record.Id.Slot].Any(other => other.IsWanted && before.Find(other.Id) is null))
                    yield return $"{record.Id} on {node.Name} is lost and nothing takes its place in the same commit";
            }
        }
    }

    private static string? Unexplained(ClusterState before, ClusterState after, NodeRecord node, NodeObservation seen, DateTimeOffset now)
    {
        if (seen is { HasSession: true, EngineUp: true }) return "its agent is in session and its engine answers";
        if (seen.HasSession) return seen.EngineLostAt <= now - Timings.EngineDownGrace ? null : "its engine is away too short a while";
        var goneAt = seen.SessionLostAt ?? after.TermStartedAt + Timings.Settling;
        if (now < goneAt) return "its agent still has time to come to this leader";
        if (seen.SerfPassing is null) return "Consul has said nothing of it yet";
        var hasComeBefore = node.Facts is not null || seen.SessionNumber > 0;
        if (seen.SerfPassing == true)
            return !hasComeBefore || goneAt <= now - Timings.AgentAwayGrace ? null : "its agent is away too short a while";
        return IsBraked(before, after, node.Id, now) ? "too many nodes went down at once" : null;
    }

    private static bool IsBraked(ClusterState before, ClusterState after, NodeId node, DateTimeOffset now)
    {
        var down = after.NodeObservations.Where(pair => after.Nodes.ContainsKey(pair.Key)
            && pair.Value is { HasSession: false, SerfPassing: false } && pair.Value.StateSince > now - Timings.BrakeWindow
            && !after.Memory.ConfirmedLost.Contains(pair.Key)
            && (pair.Value.SessionNumber > 0 || HoldsReplicas(before, pair.Key))).Select(pair => pair.Key).ToHashSet();
        var known = after.Nodes.Values.Count(one => one.Facts is not null);
        return down.Contains(node) && down.Count >= 2 && down.Count * 3 > known;
    }

    private static bool HoldsReplicas(ClusterState state, NodeId node) => state.LiveByNode.GetValueOrDefault(node, []).Any(id =>
        state.Find(id) is { IsWanted: true } record && state.Revisions[id.Service][record.Revision].Spec.Mode == ServiceMode.Replicated);
}
