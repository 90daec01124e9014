// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Model;

namespace ClusterManager.Manager.State;

/// <summary>
/// What must hold in every state and over every turn, whatever happened. Tests and the simulation check it after each turn.
/// </summary>
public static class StateInvariants
{
    private const int MostWantedPerColour = 2;

    /// <summary>Violations of one state, as sentences; empty: none.</summary>
    public static ImmutableArray<string> Check(ClusterState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return [.. Indexes(state), .. Slots(state), .. References(state)];
    }

    /// <summary>Violations of the state after a turn, and of the step from the state before it.</summary>
    public static ImmutableArray<string> CheckStep(ClusterState before, ClusterState after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        return [.. Check(after), .. Moves(before, after), .. Placements(before, after)];
    }

    private static IEnumerable<string> Indexes(ClusterState state)
    {
        var live = ClusterStateBuilder.LiveByNodeOf(state.Allocations);
        if (!live.Keys.SequenceEqual(state.LiveByNode.Keys) || live.Any(pair => !pair.Value.SetEquals(state.LiveByNode[pair.Key])))
            yield return "the index of live allocations by node differs from the allocations";
        if (!ClusterStateBuilder.DiscoveryNamesOf(state.Services).SequenceEqual(state.ServicesByDiscoveryName))
            yield return "the index of discovery names differs from the services";
        if (!ClusterStateBuilder.GlobalServicesOf(state.Services, state.Revisions).SetEquals(state.GlobalServices))
            yield return "the index of global services differs from the services";
        if (!NodeIndex.Of(state).Matches(state.NodeIndex)) yield return "the index of nodes differs from what is reserved on them";
        foreach (var id in state.Nodes.Keys)
            if (!state.Memory.NotReady.Contains(id) && state.NodeObservations.GetValueOrDefault(id)?.State != NodeState.Ready)
                yield return $"node {id} is not ready and forgotten";
        foreach (var id in state.Observations.Keys)
            if (state.Find(id) is null) yield return $"{id} is observed and not known";
    }

    private static IEnumerable<string> Slots(ClusterState state)
    {
        foreach (var (service, map) in state.Allocations)
            foreach (var (slot, records) in map.BySlot)
            {
                var wanted = records.Where(record => record.IsWanted).ToList();
                var colours = HasColours(state, service) ? 2 : 1;
                if (wanted.Count > colours * MostWantedPerColour)
                    yield return $"slot {service}-{slot} has {wanted.Count} wanted allocations";
                if (!records.Select(record => record.Id).Order()
                    .SequenceEqual(records.Select(record => record.Id))) yield return $"slot {service}-{slot} is not in order";
                if (records.Any(record => record.Id.Service != service
                    || record.Id.Slot != slot)) yield return $"slot {service}-{slot} holds a stranger";
                if (map.LastGenerations.GetValueOrDefault(slot) < records[^1].Id.Generation)
                    yield return $"slot {service}-{slot} forgot its newest generation";
            }
    }

    private static bool HasColours(ClusterState state, ServiceId service) =>
        state.Services.GetValueOrDefault(service) is { } record && (record.Rollout.HasColours || !record.Untold.IsEmpty);

    private static IEnumerable<string> References(ClusterState state)
    {
        foreach (var service in state.Services.Values)
        {
            var revisions = state.Revisions[service.Id];
            if (!revisions.ContainsKey(service.Revision)
                || !revisions.ContainsKey(service.Rollout.ToRevision)
                || !revisions.ContainsKey(service.Rollout.WantedRevision)) yield return $"service {service.Name} lacks its revision";
            if (service.Rollout.IsGoingBack && service.Revision != service.Rollout.FromRevision)
                yield return $"service {service.Name} goes back to {service.Rollout.FromRevision} and is at {service.Revision}";
            var rollout = service.Rollout;
            if (rollout.State == RolloutState.Running != (rollout.EndedAt is null))
                yield return $"{service.Name}: rollout {rollout.Number} is {rollout.State}, ended {rollout.EndedAt}";
            if (!state.Allocations.TryGetValue(service.Id, out var map)) continue;
            foreach (var record in map.BySlot.Values.SelectMany(records => records))
                if (!revisions.ContainsKey(record.Revision)) yield return $"{record.Id} runs revision {record.Revision}, which is gone";
        }

        foreach (var id in state.Allocations.Keys)
            if (!state.Services.ContainsKey(id)) yield return $"service {id} is gone and its allocations are not";
    }

    private static IEnumerable<string> Moves(ClusterState before, ClusterState after)
    {
        foreach (var (service, map) in before.Allocations)
        {
            if (!after.Allocations.TryGetValue(service, out var next)) continue;
            foreach (var old in map.BySlot.Values.SelectMany(records => records))
            {
                if (after.Find(old.Id) is not { } now) continue;
                if (now.Desired < old.Desired) yield return $"{old.Id} went from {old.Desired} down to {now.Desired}";
                if (now.Node != old.Node || now.Revision != old.Revision) yield return $"{old.Id} changed its node or revision";
                if (old.Ended is not null && now.Ended != old.Ended) yield return $"{old.Id} had ended and ended again";
            }

            foreach (var (slot, generation) in map.LastGenerations)
                if (after.Services.TryGetValue(service, out var owner) && !owner.IsRemoving
                    && next.LastGenerations.GetValueOrDefault(slot) < generation)
                    yield return $"slot {service}-{slot} lost its generation";
        }
    }

    /// <summary>What this turn placed went to a ready, active node; and nothing became Lost without its replacement.</summary>
    private static IEnumerable<string> Placements(ClusterState before, ClusterState after)
    {
        foreach (var (service, map) in after.Allocations)
        {
            var old = before.Allocations.GetValueOrDefault(service, SlotMap.Empty);
            if (ReferenceEquals(old, map)) continue;
            foreach (var record in map.BySlot.Values.SelectMany(records => records))
            {
                if (before.Find(record.Id) is not null) continue;
                if (record.Id.Generation <= old.LastGenerations.GetValueOrDefault(record.Id.Slot))
                    yield return $"{record.Id} reuses a generation";
                if (!after.Nodes.TryGetValue(record.Node, out var node)) yield return $"{record.Id} was placed on an unknown node";
                else if (node.Availability != NodeAvailability.Active)
                    yield return $"{record.Id} was placed on {node.Name}, which is {node.Availability}";
                else if (after.NodeObservations[record.Node].State != NodeState.Ready)
                    yield return $"{record.Id} was placed on {node.Name}, which is not ready";
            }
        }
    }
}
