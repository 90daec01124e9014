// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Tests.Fixtures;

/// <summary>Short ways to write what a cluster would say.</summary>
internal static class Script
{
    public static V1.ServiceName Name(string text)
    {
        var name = ServiceName.Parse(text);
        return new V1.ServiceName { Stack = name.Stack, Name = name.Name };
    }

    public static V1.AppliedService Applied(
        string name, int rollout, V1.AppliedService.Types.Change change = V1.AppliedService.Types.Change.Created, int revision = 1) =>
        new() { Name = Name(name), Revision = revision, Rollout = rollout, Change = change };

    public static V1.ServiceStatus Service(
        string name, int rollout, V1.RolloutState state, int desired, int running = 0, int from = 0, int to = 1,
        V1.Reason? reason = null) => new()
    {
        Id = 1, Name = Name(name), Mode = V1.ServiceMode.Replicated, Desired = desired, Running = running,
        Image = "registry.lab:5000/web:1", Revision = to,
        Rollout = new V1.RolloutStatus { Number = rollout, State = state, FromRevision = from, ToRevision = to, Reason = reason,
            DeadlineMs = 300_000 },
    };

    public static V1.AllocationView Allocation(
        int slot, V1.AllocationState state, V1.HealthState health = V1.HealthState.None, string node = "n1", int revision = 1,
        V1.Reason? reason = null) => new()
    {
        Id = new V1.AllocationRef { ServiceId = 1, Slot = slot, Generation = revision }, Name = $"web.{slot}", Revision = revision,
        NodeName = node, NodeId = "id-" + node,
        Desired = V1.DesiredState.Run, Available = state == V1.AllocationState.Running
            && health is V1.HealthState.None or V1.HealthState.Healthy,
        Status = new V1.AllocationStatus { State = state, Health = health, Reason = reason, ContainerId = "7c1f0e2a93b4aaaa" },
    };

    public static V1.Reason Reason(ReasonCode code, string text) => new() { Code = (int)code, Text = text };

    public static V1.ServicesSnapshot Snapshot(params V1.ServiceStatus[] services)
    {
        var snapshot = new V1.ServicesSnapshot();
        snapshot.Services.AddRange(services);
        return snapshot;
    }

    public static V1.ServiceStatus With(this V1.ServiceStatus status, params V1.AllocationView[] allocations)
    {
        status.Allocations.AddRange(allocations);
        return status;
    }
}
