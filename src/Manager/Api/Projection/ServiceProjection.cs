// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Dispatch;
using ClusterManager.Manager.Planning;
using ClusterManager.Manager.Planning.Releases;
using ClusterManager.Manager.State;
using ClusterManager.Model;
using ClusterManager.Wire;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Api.Projection;

/// <summary>Services of a snapshot as callers see them. Pure.</summary>
internal static class ServiceProjection
{
    /// <summary>The services asked for, at one version of the state.</summary>
    public static V1.ServicesSnapshot Snapshot(ClusterState state, V1.ListServicesRequest request, DateTimeOffset now)
    {
        var snapshot = new V1.ServicesSnapshot { Version = state.Version.ToWire() };
        if (request.ReleaseOf.Length > 0 && ReleaseBook.Newest(state, request.ReleaseOf) is { } release)
            snapshot.Release = ReleaseProjection.Status(state, release);
        if (request.Names.Count == 0)
        {
            var all = state.Services.Values.Where(service => request.Stack.Length == 0 || service.Name.Stack == request.Stack);
            snapshot.Services.AddRange(all.OrderBy(service => service.Name)
                .Select(service => Status(state, service, request.WithAllocations, now)));
            return snapshot;
        }

        foreach (var name in request.Names)
        {
            if (state.Find(name.ToModel()) is { } service) snapshot.Services.Add(Status(state, service, request.WithAllocations, now));
            else snapshot.Missing.Add(name);
        }

        return snapshot;
    }

    public static V1.ServiceStatus Status(ClusterState state, ServiceRecord service, bool withAllocations, DateTimeOffset now)
    {
        var revision = state.Revisions.GetValueOrDefault(service.Id)?.GetValueOrDefault(service.Revision);
        var allocations = AllocationsOf(state, service.Id).ToList();
        var status = new V1.ServiceStatus
        {
            Id = service.Id.Value, Name = service.Name.ToWire(), Mode = (V1.ServiceMode)(revision?.Spec.Mode ?? ServiceMode.Replicated),
            Desired = Desired(state, service, revision),
            Running = allocations.Count(one => IsAvailable(state, one) && !service.Untold.Contains(one.Revision)),
            Image = revision?.Spec.Container.Image ?? "", Revision = service.Revision,
            UpdatedUnixMs = service.UpdatedAt.ToUnixTimeMilliseconds(),
            Rollout = RolloutProjection.Status(state, service, allocations, now), Removing = service.IsRemoving,
        };
        if (revision is not null) status.Ports.AddRange(revision.Spec.Ports.Select(port => port.ToWire()));
        if (state.Gaps.TryGetValue(service.Id, out var gap)) status.Unplaced.Add(Gap(state, gap));
        if (withAllocations) status.Allocations.AddRange(allocations.Select(one => AllocationProjection.View(state, service, one, now)));
        return status;
    }

    public static IEnumerable<AllocationRecord> AllocationsOf(ClusterState state, ServiceId service) =>
        state.Allocations.GetValueOrDefault(service, SlotMap.Empty).BySlot.Values.SelectMany(slot => slot);

    /// <summary>It counts as running in its service: it is wanted, and the engine counts it too.</summary>
    public static bool IsAvailable(ClusterState state, AllocationRecord allocation) => allocation.IsWanted && state.IsAvailable(allocation);

    /// <summary>Those that are no hooks.</summary>
    public static IEnumerable<AllocationRecord> ReplicasOf(ClusterState state, ServiceId service) =>
        AllocationsOf(state, service).Where(one => !HookSlot.IsHook(one.Id.Slot));

    public static V1.NodeVerdict Verdict(ClusterState state, NodeVerdict verdict) => new()
    {
        NodeId = verdict.Node.ToString(), NodeName = NodeName(state, verdict.Node), Reason = ReportMapping.ToWire(verdict.Reason),
        FreeCpuNano = verdict.FreeCpuNano, FreeMemoryBytes = verdict.FreeMemoryBytes, Score = verdict.Rank,
    };

    public static string NodeName(ClusterState state, NodeId node) =>
        state.Nodes.TryGetValue(node, out var record) ? record.Name : node.ToString()[..12];

    /// <summary>Replicas wanted now; of a global service those that have or wait for a node.</summary>
    public static int Desired(ClusterState state, ServiceRecord service) =>
        Desired(state, service, state.Revisions.GetValueOrDefault(service.Id)?.GetValueOrDefault(service.Revision));

    private static int Desired(ClusterState state, ServiceRecord service, RevisionRecord? revision)
    {
        if (service.IsRemoving) return 0;
        if (revision?.Spec.Mode != ServiceMode.Global) return service.Replicas;
        var gap = state.Gaps.GetValueOrDefault(service.Id)?.Count ?? 0;
        return ReplicasOf(state, service.Id).Where(one => one.IsWanted).Select(one => one.Id.Slot).Distinct().Count() + gap;
    }

    private static V1.UnplacedStatus Gap(ClusterState state, Unplaced gap)
    {
        var status = new V1.UnplacedStatus
        {
            Count = gap.Count, Reason = ReportMapping.ToWire(gap.Reason), SinceUnixMs = gap.Since.ToUnixTimeMilliseconds(),
        };
        status.Nodes.AddRange(gap.Nodes.Select(verdict => Verdict(state, verdict)));
        return status;
    }
}
