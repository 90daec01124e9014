// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Dispatch;
using ClusterManager.Manager.Planning.Rollouts;
using ClusterManager.Manager.State;
using ClusterManager.Model;
using ClusterManager.Wire;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Api.Projection;

/// <summary>One allocation as callers see it. Pure.</summary>
internal static class AllocationProjection
{
    public static V1.AllocationView View(ClusterState state, ServiceRecord service, AllocationRecord allocation, DateTimeOffset now)
    {
        state.Nodes.TryGetValue(allocation.Node, out var node);
        var seen = state.Observations.GetValueOrDefault(allocation.Id);
        return new V1.AllocationView
        {
            Id = allocation.Id.ToWire(), Name = $"{service.Name.Display}.{HookSlot.NameOf(allocation.Id.Slot)}",
            Revision = allocation.Revision,
            NodeId = allocation.Node.ToString(), NodeName = ServiceProjection.NodeName(state, allocation.Node),
            NodeAddress = node?.Address ?? "",
            Desired = (V1.DesiredState)allocation.Desired, Ended = !allocation.IsLive || state.IsKept(allocation),
            Status = Status(allocation, seen, now),
            CreatedUnixMs = allocation.CreatedAt.ToUnixTimeMilliseconds(),
            ChangedUnixMs = (allocation.EndedAt ?? seen?.ChangedAt ?? allocation.CreatedAt).ToUnixTimeMilliseconds(),
            Available = ServiceProjection.IsAvailable(state, allocation), Colour = (V1.Colour)Colours.Of(state, allocation),
        };
    }

    private static V1.AllocationStatus? Status(AllocationRecord allocation, AllocationObservation? seen, DateTimeOffset now)
    {
        var status = seen is null ? null : ReportMapping.ToWire(allocation.Id, seen, now);
        if (allocation.Ended is not { } ended) return status;
        status ??= new V1.AllocationStatus { Id = allocation.Id.ToWire(), Health = V1.HealthState.None };
        status.State = (V1.AllocationState)ended;
        status.Finished = true;
        status.Reason ??= ReportMapping.ToWire(allocation.Reason);
        return status;
    }
}
