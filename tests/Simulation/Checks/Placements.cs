// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Planning;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Simulation.Checks;

/// <summary>
/// What a turn may place where: nothing before the agents have reported to a new leader or had their second; only where the constraints
/// hold; with its volumes; and in an update no more replicas beside their serving predecessors than the policy says.
/// </summary>
internal static class Placements
{
    private const string ZoneLabel = PlacementConstraint.LabelPrefix + "zone";

    public static IEnumerable<string> Check(ClusterState before, ClusterState after)
    {
        foreach (var (service, map) in after.Allocations)
        {
            var old = before.Allocations.GetValueOrDefault(service, SlotMap.Empty);
            if (ReferenceEquals(old, map)) continue;
            foreach (var record in map.BySlot.Values.SelectMany(records => records).Where(record => before.Find(record.Id) is null))
                foreach (var broken in CheckNew(after, record)) yield return broken;
            var beside = Beside(after, map);
            if (after.Services[service].IsRemoving || beside <= Math.Max(AtOnce(before, after, service), Beside(after, old))) continue;
            yield return $"{after.Services[service].Name} replaces {beside} serving replicas at once: {Stories.Of(after, map)}";
        }
    }

    private static IEnumerable<string> CheckNew(ClusterState state, AllocationRecord record)
    {
        var spec = state.Revisions[record.Id.Service][record.Revision].Spec;
        var isEarly = record.CreatedAt < state.TermStartedAt + EngineTimings.Default.Settling;
        // A node that has joined and whose agent has never come counts for nothing.
        if (isEarly && !state.Nodes.Values.All(one => one.Facts is null
            || (state.NodeObservations.TryGetValue(one.Id, out var seen) && seen.SessionNumber > 0)))
            yield return $"{record.Id} was placed before the agents have reported to the new leader";
        if (!state.Nodes.TryGetValue(record.Node, out var node)) yield break;
        foreach (var constraint in spec.Constraints.Where(constraint => constraint.Attribute == ZoneLabel))
            if (node.Labels.GetValueOrDefault("zone") == constraint.Value != constraint.IsEqual)
                yield return $"{record.Id} was placed on {node.Name}, against {constraint}";
        foreach (var volume in spec.NamedVolumes())
            if (state.Volumes.GetValueOrDefault(ClusterStateBuilder.VolumeKey(spec.Name.Stack, volume))?.Home != record.Node)
                yield return $"{record.Id} was placed on {node.Name}, which is not the home of its volume {volume}";
    }

    /// <summary>
    /// By the most generous of the policies that the service had lately. Where replicas may fail, the old ones stay beside those that did
    /// while others are replaced; where there are two colours all are beside one another.
    /// </summary>
    private static int AtOnce(ClusterState before, ClusterState after, ServiceId service)
    {
        var replicas = Math.Max(after.Services[service].Replicas, before.Services.GetValueOrDefault(service)?.Replicas ?? 0);
        return after.Revisions[service].Values.Select(revision => revision.Spec).Max(spec =>
            spec.Update.Strategy == UpdateStrategy.BlueGreen
                || spec.Update.FailureAction == FailureAction.Continue || spec.Update.MaxFailureRatio > 0 ? int.MaxValue
            : spec.Update.AtOnce(spec.IsGlobal() ? after.Nodes.Count : replicas));
    }

    /// <summary>Slots in which an older replica serves and a newer one is there beside it.</summary>
    private static int Beside(ClusterState state, SlotMap map) => map.BySlot.Values.Count(records =>
    {
        var wanted = records.Where(record => record.IsWanted && !state.Memory.LostNodes.Contains(record.Node)).ToList();
        return wanted.Count > 1 && state.IsAvailable(wanted[0]);
    });
}
