// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Manager.State;

/// <summary>Look-ups in the state that several readers need.</summary>
public static class ClusterStateQueries
{
    /// <summary>The allocation's record; null: there is none (any more).</summary>
    public static AllocationRecord? Find(this ClusterState state, AllocationId id)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (!state.Allocations.TryGetValue(id.Service, out var map) || !map.BySlot.TryGetValue(id.Slot, out var records)) return null;
        foreach (var record in records)
            if (record.Id == id) return record;
        return null;
    }

    /// <summary>The service of that name; null: there is none.</summary>
    public static ServiceRecord? Find(this ClusterState state, ServiceName name)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.ServicesByDiscoveryName.TryGetValue(name.DiscoveryName, out var id)
            && state.Services.TryGetValue(id, out var service) && service.Name == name ? service : null;
    }

    /// <summary>What the allocation's container is made of: its revision's spec, or its hook's; null: the revision is gone.</summary>
    public static ServiceSpec? SpecOf(this ClusterState state, AllocationRecord record)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(record);
        return state.Revisions.TryGetValue(record.Id.Service, out var revisions) && revisions.TryGetValue(record.Revision, out var revision)
            ? HookTemplate.ForSlot(revision.Spec, record.Id.Slot) : null;
    }

    /// <summary>
    /// The allocation has ended and its container is kept for diagnosis (Desired is Stop): it serves nobody and holds nothing, neither
    /// room nor ports nor its slot. Until its agent has said that it ended, it is not kept but stopping.
    /// </summary>
    public static bool IsKept(this ClusterState state, AllocationRecord record)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(record);
        return record is { Ended: null, Desired: DesiredState.Stop }
            && state.Observations.TryGetValue(record.Id, out var seen) && seen.HasEnded;
    }

    /// <summary>
    /// The allocation runs, is healthy where there is a health check, and its node is neither lost nor removed: it counts as running in
    /// its service. A hook never does.
    /// </summary>
    public static bool IsAvailable(this ClusterState state, AllocationRecord record)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(record);
        if (!record.IsLive || !state.Nodes.ContainsKey(record.Node) || HookSlot.IsHook(record.Id.Slot)) return false;
        if (!state.Observations.TryGetValue(record.Id, out var seen) || !seen.IsAvailable) return false;
        var node = state.NodeObservations.TryGetValue(record.Node, out var observation) ? observation.State : NodeState.Unknown;
        return node is NodeState.Ready or NodeState.AgentAway or NodeState.Unknown && !state.Memory.LostNodes.Contains(record.Node);
    }
}
