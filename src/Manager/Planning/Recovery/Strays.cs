// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Recovery;

/// <summary>What runs on nodes and is unknown to the state. Pure look-ups.</summary>
internal static class Strays
{
    /// <summary>Of the things that a node holds, those that the state does not have there.</summary>
    public static ImmutableArray<HeldAllocation> Among(ClusterState state, NodeId node, ImmutableArray<HeldAllocation> held) =>
        state.Meta.Incarnation <= 1 ? []
            : [.. held.Where(one => state.Find(one.Id) is not { IsLive: true } record || record.Node != node).OrderBy(one => one.Id)];

    /// <summary>By service: each stray with its node, in order.</summary>
    public static ImmutableSortedDictionary<ServiceId, ImmutableArray<(NodeId Node, HeldAllocation Held)>> ByService(ClusterState state)
    {
        var all = state.NodeObservations.SelectMany(pair => pair.Value.Strays.Select(held => (Node: pair.Key, Held: held)));
        return all.Where(one => !IsSuperseded(state, one.Held)).GroupBy(one => one.Held.Id.Service).ToImmutableSortedDictionary(
            group => group.Key, group => group.OrderBy(one => one.Held.Id).ToImmutableArray());
    }

    /// <summary>
    /// The state gave the slot to another since: the stray is to stop. Only where the state knows the slot's history; else it runs on.
    /// </summary>
    public static bool IsSuperseded(ClusterState state, HeldAllocation held) =>
        state.Allocations.TryGetValue(held.Id.Service, out var map)
        && map.LastGenerations.GetValueOrDefault(held.Id.Slot) >= held.Id.Generation;

    /// <summary>What the node is to stop and remove of it: an agent keeps what is not named.</summary>
    public static IEnumerable<AllocationId> SupersededOn(ClusterState state, NodeId node) =>
        state.NodeObservations.GetValueOrDefault(node) is not { Strays.IsEmpty: false } seen ? []
            : seen.Strays.Where(held => IsSuperseded(state, held)).Select(held => held.Id);

    /// <summary>Why it cannot be taken up now; null: it can.</summary>
    public static string? Problem(ClusterState state, NodeId node, HeldAllocation held)
    {
        if (!state.Nodes.TryGetValue(node, out var record)) return "its node was removed";
        var seen = state.NodeObservations.GetValueOrDefault(node);
        if (seen?.State != NodeState.Ready) return $"node {record.Name} is not ready: wait for it";
        if (record.Availability != NodeAvailability.Active)
            return $"node {record.Name} takes nothing: cluster node activate {record.Name}";
        if (state.ServicesByDiscoveryName.TryGetValue(held.Spec.Name.DiscoveryName, out var holder) && holder != held.Id.Service)
            return $"its name is held by service {state.Services[holder].Name.Display} of the state: remove one of the two";
        if (state.Services.TryGetValue(held.Id.Service, out var service) && service.IsRemoving)
            return "its service is being removed";
        return IsOtherRevision(state, held) ? $"the state's revision {held.Revision} of it is another one: deploy it again" : null;
    }

    private static bool IsOtherRevision(ClusterState state, HeldAllocation held) =>
        state.Revisions.TryGetValue(held.Id.Service, out var revisions) && revisions.TryGetValue(held.Revision, out var known)
        && (known.SpecHash != held.SpecHash || known.TemplateHash != held.TemplateHash);
}
