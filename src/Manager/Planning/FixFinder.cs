// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Planning.Scheduling;
using ClusterManager.Manager.Planning.Scheduling.Filters;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning;

/// <summary>
/// The one runnable command that would most cheaply unblock a gap: activate a node before labelling one, before asking for less.
/// </summary>
internal static class FixFinder
{
    public static string Find(
        ClusterState state, ServiceRecord service, RevisionRecord target, Unplaced gap, Scheduler scheduler,
            ImmutableArray<NodeVerdict> verdicts)
    {
        if (gap.Reason.Code == ReasonCode.MassLossBrake) return "cluster node confirm-loss";
        if (gap.Reason.Code is ReasonCode.ImageNotFound or ReasonCode.RegistryDenied)
            return $"cluster service update {service.Name.Display} --image IMAGE";
        if (verdicts.Any(verdict => verdict.Reason is null)) return "";
        if (HeldBack(scheduler, verdicts) is { } held) return $"cluster node activate {NameOf(state, held)}";
        if (LabelFix(state, target.Spec, verdicts) is { } label) return label;
        if (target.Spec.IsGlobal()) return "";
        var running = service.Replicas - gap.Count;
        return verdicts.Any(verdict =>
            verdict.Reason!.Code is ReasonCode.PortInUse or ReasonCode.NoMemory or ReasonCode.NoCpu or ReasonCode.NodeFull) && running > 0
            ? $"cluster scale {service.Name.Display}={running}" : "";
    }

    /// <summary>A node that fails only by one label can be given it.</summary>
    private static string? LabelFix(ClusterState state, ServiceSpec spec, ImmutableArray<NodeVerdict> verdicts)
    {
        foreach (var verdict in verdicts.Where(verdict => verdict.Reason!.Code == ReasonCode.ConstraintNotMet))
        {
            var node = state.Nodes[verdict.Node];
            var unmet = spec.Constraints.Where(constraint => !ConstraintFilter.Holds(constraint, node)).ToList();
            if (unmet is not [{ } only] || !only.Attribute.StartsWith(PlacementConstraint.LabelPrefix, StringComparison.Ordinal)) continue;
            var key = only.Attribute[PlacementConstraint.LabelPrefix.Length..];
            return only.IsEqual ? $"cluster node label {node.Name} {key}={only.Value}" : $"cluster node label {node.Name} {key}-";
        }

        return null;
    }

    /// <summary>A node that an operator has paused or drained, and that would fit otherwise.</summary>
    private static NodeVerdict? HeldBack(Scheduler scheduler, ImmutableArray<NodeVerdict> verdicts) =>
        verdicts.FirstOrDefault(verdict => verdict.Reason!.Code is ReasonCode.NodePaused or ReasonCode.NodeDrained
            && scheduler.CouldEverFit(verdict.Node));

    private static string NameOf(ClusterState state, NodeVerdict verdict) => state.Nodes[verdict.Node].Name;
}
