// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Planning.Reconciliation;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Rollouts;

/// <summary>
/// Takes a canary from step to step: all of the step good, for its hold, and every gate open. Where it stands is in the rollout's record.
/// </summary>
internal static class CanarySteps
{
    /// <summary>Looks at the step under way. A gate that is shut for good sends the rollout back.</summary>
    /// <returns>True while the step is held: no progress is due.</returns>
    public static bool Advance(ServiceDraft draft, SortedDictionary<int, SlotView> slots)
    {
        if (draft.NewSlots is not { } chosen || !CanarySlots.IsCanary(draft)) return false;
        var isGood = chosen.All(slot => slots.TryGetValue(slot, out var view) && RolloutSuccess.IsGood(draft, view));
        if (!isGood)
        {
            if (draft.Rollout.StepReachedAt is not null) Write(draft, draft.Rollout with { StepReachedAt = null });
            return false;
        }

        if (draft.Rollout.StepReachedAt is null) Write(draft, draft.Rollout with { StepReachedAt = draft.Now });
        Hold(draft);
        return true;
    }

    private static void Hold(ServiceDraft draft)
    {
        if (!StepHold.IsOver(draft)) return;
        Write(draft, draft.Rollout with { Step = draft.Rollout.Step + 1, StepReachedAt = null, GatesOpen = 0 });
        draft.LookAgain(draft.Now); // the next step is planned at once
    }

    private static void Write(ServiceDraft draft, RolloutRecord rollout) => draft.Service = draft.Service with { Rollout = rollout };
}
