// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Planning.Reconciliation;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Rollouts;

/// <summary>Which observations of an allocation end the rollout that made it.</summary>
internal static class AllocationFailure
{
    private const int ExitsAllowed = 1;

    /// <summary>Its fixed port is held by something that is not ours.</summary>
    public static bool IsPortTaken(AllocationView view) => view is { IsAvailable: false, Seen.Reason.Code: ReasonCode.PortTaken };

    /// <summary>What the running rollout's replica in the slot has failed by; null: it has not.</summary>
    public static FailedAllocation? Of(ServiceDraft draft, SlotView slot)
    {
        if (slot.Done is { } done && done.Ended != AllocationState.Completed && draft.IsOfTarget(done))
            return new FailedAllocation(done.Reason ?? new Reason(ReasonCode.Exited, "it ended and is not to be restarted"), done);
        foreach (var view in slot.Wanted)
            if (draft.IsOfTarget(view.Record) && !IsPortTaken(view) && Of(view, draft.Rollout) is { } reason)
                return new FailedAllocation(reason, view.Record);
        return null;
    }

    /// <summary>It would have ended the rollout, were it of the revision that the rollout brings.</summary>
    public static bool HasFailed(ServiceDraft draft, AllocationView view) => Of(view, draft.Rollout) is not null;

    /// <summary>
    /// Null: none yet. A new allocation fails by a definite refusal, by its second exit, or by its health check. One that ran before the
    /// rollout began (a scale, a repeated deploy) fails it only by what it did since.
    /// </summary>
    private static Reason? Of(AllocationView view, RolloutRecord rollout)
    {
        if (view.Seen is not { } seen || view.IsLost) return null;
        var isNew = view.Record.CreatedAt >= rollout.StartedAt;
        var exits = seen.Restarts + (seen.State >= AllocationState.Completed ? 1 : 0);
        if (isNew && exits > ExitsAllowed) return seen.Reason ?? new Reason(ReasonCode.Exited, $"it ended {exits} times");
        if (view.IsAvailable || (!isNew && seen.ChangedAt < rollout.StartedAt)) return null;
        if (seen.Health == HealthState.Unhealthy) return seen.Reason ?? new Reason(ReasonCode.Unhealthy, HealthText(seen));
        if (seen.Reason is not { } reason) return null;
        return reason.Code switch
        {
            ReasonCode.ImageNotFound or ReasonCode.RegistryDenied or ReasonCode.InvalidConfiguration or ReasonCode.CommandNotFound
                or ReasonCode.Unhealthy => reason,
            ReasonCode.CrashLoop => reason,
            ReasonCode.Exited or ReasonCode.OutOfMemory => isNew ? null : reason,
            _ => null,
        };
    }

    private static string HealthText(AllocationObservation seen) =>
        seen.LastProbeOutput.Length == 0 ? "its health check fails" : $"its health check fails: {seen.LastProbeOutput}";
}
