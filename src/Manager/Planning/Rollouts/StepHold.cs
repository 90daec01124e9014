// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Planning.Reconciliation;

namespace ClusterManager.Manager.Planning.Rollouts;

/// <summary>The time for which a canary's step, or a new colour, is looked at before it goes on, and the gates at its end.</summary>
internal static class StepHold
{
    /// <summary>The hold is over and every gate is open. A gate that is shut for good sends the rollout back.</summary>
    public static bool IsOver(ServiceDraft draft)
    {
        if (draft.IsPaused) return false;
        var until = draft.Rollout.StepReachedAt!.Value + draft.Update.CanaryHold;
        if (RolloutGates.Judge(draft, until) is { } shut)
        {
            RolloutEnding.Fail(draft, shut, null);
            return false;
        }

        if (draft.Now < until)
        {
            draft.LookAgain(until);
            return false;
        }

        return RolloutGates.AreOpen(draft);
    }
}
