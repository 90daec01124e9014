// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Dispatch;
using ClusterManager.Manager.State;
using ClusterManager.Model;
using ClusterManager.Wire;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Api.Projection;

/// <summary>The hooks of a rollout as callers see them. Pure.</summary>
internal static class HookProjection
{
    /// <summary>Null: not begun.</summary>
    public static V1.HookStatus? Status(HookRun? run, DateTimeOffset now) => run is null ? null : new V1.HookStatus
    {
        State = (V1.HookState)run.State, Id = run.Id.ToWire(), NodeName = run.Node,
        ElapsedMs = Math.Max(0, (long)((run.EndedAt ?? now) - run.BegunAt).TotalMilliseconds),
        Reason = run.Reason is { } reason ? ReportMapping.ToWire(reason) : null,
    };

    /// <summary>When the hook whose process runs has taken too long; null: none runs.</summary>
    public static DateTimeOffset? TimeOut(ClusterState state, RolloutRecord rollout, RevisionRecord? wanted)
    {
        foreach (var run in (HookRun?[])[rollout.PreDeploy, rollout.PostDeploy])
            if (run is { State: HookState.Running } && wanted?.Spec.Update.HookOf(run.Kind) is { } hook
                && state.Observations.GetValueOrDefault(run.Id) is { State: AllocationState.Running } seen)
                return seen.ChangedAt + hook.Timeout;
        return null;
    }

    /// <summary>The word of the hook that a rollout under way waits for; null: for none.</summary>
    public static string? Phase(RolloutRecord rollout)
    {
        if (rollout.IsGoingBack) return null;
        return rollout.PreDeploy is { State: HookState.Running } ? HookSlot.Word(HookKind.PreDeploy)
            : rollout.PostDeploy is { State: HookState.Running } ? HookSlot.Word(HookKind.PostDeploy) : null;
    }
}
