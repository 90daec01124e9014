// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Dispatch;
using ClusterManager.Manager.Leadership;
using ClusterManager.Manager.Persistence;
using ClusterManager.Manager.Planning.Recovery;
using ClusterManager.Manager.State;
using ClusterManager.Model;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Api.Projection;

/// <summary>Nodes of a snapshot as callers see them. Pure.</summary>
internal static class NodeProjection
{
    public static V1.NodeList List(ClusterState state, LeaderInfo leader)
    {
        var list = new V1.NodeList { Brake = state.BrakeSince is not null };
        list.Nodes.AddRange(state.Nodes.Values.OrderBy(node => node.Name, StringComparer.Ordinal)
            .Select(node => Status(state, node, leader)));
        return list;
    }

    public static V1.NodeStatus Status(ClusterState state, NodeRecord node, LeaderInfo leader)
    {
        var seen = state.NodeObservations.GetValueOrDefault(node.Id);
        var facts = seen?.Facts ?? node.Facts;
        var status = new V1.NodeStatus
        {
            Id = node.Id.ToString(), Name = node.Name, State = (V1.NodeState)(seen?.State ?? NodeState.Unknown),
            Availability = (V1.NodeAvailability)node.Availability, Manager = node.IsManager, ConsulServer = node.IsConsulServer,
            Leader = leader.NodeId == node.Id.ToString(), Address = node.Address, Facts = facts is null ? null : FactsMapping.ToWire(facts),
            SinceUnixMs = (seen?.StateSince ?? state.TermStartedAt).ToUnixTimeMilliseconds(),
            JoinedUnixMs = node.JoinedAt.ToUnixTimeMilliseconds(),
        };
        if (seen?.Disk is { } disk) status.Disk = ReportMapping.ToWire(disk);
        if (UnconfirmedNodes.IsUnconfirmed(state, node) && seen?.HasSession != true)
            status.UnconfirmedIncarnation = state.Meta.Incarnation;
        foreach (var (key, value) in node.Labels) status.Labels[key] = value;
        foreach (var id in state.LiveByNode.GetValueOrDefault(node.Id, []))
        {
            // What is kept for its last words only holds nothing.
            if (state.Find(id) is not { } allocation || state.IsKept(allocation)) continue;
            status.Allocations++;
            if (SpecOf(state, allocation)?.Resources is not { } resources) continue;
            status.ReservedCpuNano += resources.CpuReservationNano ?? 0;
            status.ReservedMemoryBytes += resources.MemoryReservationBytes ?? 0;
        }

        return status;
    }

    public static V1.NodeDetail Detail(ClusterState state, NodeRecord node, LeaderInfo leader, DateTimeOffset now)
    {
        var detail = new V1.NodeDetail { Status = Status(state, node, leader) };
        foreach (var service in state.Services.Values.OrderBy(service => service.Name))
        {
            detail.Allocations.AddRange(ServiceProjection.AllocationsOf(state, service.Id)
                .Where(one => one.Node == node.Id && one.IsLive && !state.IsKept(one))
                .Select(one => AllocationProjection.View(state, service, one, now)));
        }

        return detail;
    }

    /// <summary>By name, id, or a unique prefix of an id of at least 4 characters; null: none or several.</summary>
    public static NodeRecord? Find(ClusterState state, string text)
    {
        var byName = state.Nodes.Values.FirstOrDefault(node => node.Name == text);
        if (byName is not null || text.Length < 4) return byName;
        var byId = state.Nodes.Values.Where(node => node.Id.ToString().StartsWith(text, StringComparison.Ordinal)).Take(2).ToList();
        return byId.Count == 1 ? byId[0] : null;
    }

    private static ServiceSpec? SpecOf(ClusterState state, AllocationRecord allocation) =>
        state.Revisions.GetValueOrDefault(allocation.Id.Service)?.GetValueOrDefault(allocation.Revision)?.Spec;
}
