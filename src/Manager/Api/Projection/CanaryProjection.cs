// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Planning.Rollouts;
using ClusterManager.Manager.State;
using ClusterManager.Model;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Api.Projection;

/// <summary>Where a canary stands, as callers see it. Pure.</summary>
internal static class CanaryProjection
{
    public static void Add(
        V1.RolloutStatus status, ClusterState state, ServiceRecord service, UpdatePolicy update, DateTimeOffset now)
    {
        var rollout = service.Rollout;
        if (update.Strategy != UpdateStrategy.Canary || rollout.IsGoingBack || rollout.IsPromoted || rollout.FromRevision == 0) return;
        var replicas = update.ReplicasAt(rollout.Step, service.Replicas);
        if (replicas >= service.Replicas) return;
        status.Step = rollout.Step + 1;
        status.Steps = update.CanarySteps.Length;
        status.StepReplicas = replicas;
        AddHold(status, state, service, update, now);
    }

    /// <summary>How long the step, or a new colour, is still held, and which gate keeps it.</summary>
    public static void AddHold(
        V1.RolloutStatus status, ClusterState state, ServiceRecord service, UpdatePolicy update, DateTimeOffset now)
    {
        var rollout = service.Rollout;
        if (rollout.StepReachedAt is not { } at) return;
        var held = at + update.CanaryHold;
        status.HeldMs = Math.Max(0, (long)(held - now).TotalMilliseconds);
        for (var i = 0; i < update.Gates.Length; i++)
        {
            if (RolloutGates.IsOpen(rollout, i)) continue;
            var said = state.Memory.GateAnswers.GetValueOrDefault(service.Id)?.GetValueOrDefault(i);
            var gate = update.Gates[i];
            status.WaitsFor = gate.Kind == GateKind.Approve ? $"a person: cluster rollout approve {service.Name.Display}"
                : said is null || said.Rollout != rollout.Number || said.Step != rollout.Step ? RolloutGates.Name(gate)
                : $"{RolloutGates.Name(gate)} ({said.Text})";
            return;
        }
    }
}
