// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Planning.Reconciliation;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Rollouts;

/// <summary>
/// Moves a service's name from the old colour to the new one: when all of the new one is good, held, and every gate is open, the name leads
/// to both; when their agents say that it leads to all of the new one, it leads to the old one no more. Callers find somebody at every
/// moment. Both steps are one write of the service's record.
/// </summary>
internal static class ColourSwitch
{
    /// <summary>Looks at the step under way. A gate that is shut for good sends the rollout back.</summary>
    /// <returns>True while the new colour is held, and when the name was moved: no progress is due.</returns>
    public static bool Advance(ServiceDraft draft, SortedDictionary<int, SlotView> slots)
    {
        if (!draft.Rollout.HasColours || !draft.IsRunning || draft.Rollout.IsGoingBack || !draft.IsTargetReady) return false;
        if (draft.Rollout.SwitchedAt is null) return Await(draft, slots);
        return draft.Rollout.KeepUntil is null && Withdraw(draft, slots);
    }

    /// <summary>The name leads to the new colour alone, and that has been good since, for the time that the policy says.</summary>
    public static bool IsThrough(ServiceDraft draft)
    {
        if (draft.Rollout is not { SwitchedAt: { } switched, KeepUntil: not null }) return false;
        var until = switched + (draft.Update.Monitor ?? draft.Turn.Timings.SettleWithHealth);
        if (draft.Now >= until) return true;
        draft.LookAgain(until);
        return false;
    }

    /// <summary>
    /// Until the switch. What was told of lately may count as told of for a moment still: that is waited out, or else nobody would know
    /// whether the name leads to it again.
    /// </summary>
    private static bool Await(ServiceDraft draft, SortedDictionary<int, SlotView> slots)
    {
        if (!IsWhole(draft, slots) || slots.Values.Any(slot => slot.Current is { Seen.Registered: true }))
        {
            if (draft.Rollout.StepReachedAt is not null) Write(draft, draft.Rollout with { StepReachedAt = null });
            return false;
        }

        if (draft.Rollout.StepReachedAt is null) Write(draft, draft.Rollout with { StepReachedAt = draft.Now });
        if (!draft.Rollout.IsPromoted && !StepHold.IsOver(draft)) return true;
        draft.Service = draft.Service with
        {
            Untold = [], Rollout = draft.Rollout with { SwitchedAt = draft.Now, StepReachedAt = null, GatesOpen = 0 },
        };
        draft.LookAgain(draft.Now);
        return true;
    }

    private static bool Withdraw(ServiceDraft draft, SortedDictionary<int, SlotView> slots)
    {
        if (!IsWhole(draft, slots) || slots.Values.Any(slot => slot.Current is { } view && !Colours.IsReached(draft, view))) return false;
        var others = draft.Revisions.Values.Where(revision => !revision.SameTemplate(draft.Target)).Select(revision => revision.Number);
        draft.Service = draft.Service with
        {
            Untold = [.. others], Rollout = draft.Rollout with { KeepUntil = draft.Now + Colours.KeptFor(draft) },
        };
        draft.LookAgain(draft.Now);
        return true;
    }

    /// <summary>As many as are wanted, all good, and their agents there: what is away can neither be told of nor say that it is.</summary>
    private static bool IsWhole(ServiceDraft draft, SortedDictionary<int, SlotView> slots) => RolloutSuccess.IsWhole(draft, slots)
        && slots.Values.All(slot => slot.Current is not { } view || draft.Turn.NodeStateOf(view.Record.Node) == NodeState.Ready);

    private static void Write(ServiceDraft draft, RolloutRecord rollout) => draft.Service = draft.Service with { Rollout = rollout };
}
