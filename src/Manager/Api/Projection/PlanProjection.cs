// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Planning.Plans;
using ClusterManager.Manager.State;
using ClusterManager.Model;
using ClusterManager.Wire;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Api.Projection;

/// <summary>Plans as callers see them. Pure.</summary>
internal static class PlanProjection
{
    public static V1.ChangePlan Plan(ClusterState state, ChangePlan plan)
    {
        var wire = new V1.ChangePlan
        {
            Id = plan.Id.ToString(), Version = state.Version.ToWire(), DurationMs = Milliseconds(plan.Duration),
            Complete = plan.IsComplete, StartMs = Milliseconds(PlanAssumptions.Default.Start),
            StopMs = Milliseconds(PlanAssumptions.Default.Stop),
        };
        wire.Services.AddRange(plan.Services.Select(service => Service(state, service)));
        return wire;
    }

    private static V1.PlannedService Service(ClusterState state, ServicePlan plan)
    {
        var wire = new V1.PlannedService
        {
            Name = plan.Name.ToWire(), Change = (V1.AppliedService.Types.Change)plan.Change,
            FromRevision = plan.Before?.Number ?? 0, ToRevision = plan.After?.Number ?? 0,
            Before = Spec(plan.Before, plan.ReplicasBefore), After = Spec(plan.After, plan.ReplicasAfter),
            DurationMs = Milliseconds(plan.Duration), Order = plan.Order?.Word ?? "", OrderReason = plan.Order?.Why ?? "",
            AtOnce = plan.Order?.AtOnce ?? 0,
        };
        if (plan.Impossible is { } reason) wire.Impossible = new V1.Reason { Code = (int)reason.Code, Text = reason.Text };
        wire.Actions.AddRange(plan.Actions.Select(action => new V1.PlannedAction
        {
            Kind = (V1.PlannedAction.Types.Kind)action.Kind, Slot = action.Slot, Name = $"{plan.Name.Name}.{HookSlot.NameOf(action.Slot)}",
            NodeId = action.Node.ToString(), NodeName = state.Nodes.GetValueOrDefault(action.Node)?.Name ?? "",
            Revision = action.Revision, Step = action.Step, AtMs = Milliseconds(action.At),
        }));
        return wire;
    }

    /// <summary>A revision's spec has the number that it was asked for with; what counts is the service's.</summary>
    private static V1.ServiceSpec? Spec(RevisionRecord? revision, int replicas)
    {
        if (revision is null) return null;
        var isReplicated = revision.Spec.Mode == ServiceMode.Replicated;
        return (revision.Spec with { Replicas = isReplicated ? replicas : null }).ToWire();
    }

    private static long Milliseconds(TimeSpan span) => (long)span.TotalMilliseconds;
}
