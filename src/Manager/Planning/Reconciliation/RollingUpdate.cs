// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Planning.Rollouts;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Reconciliation;

/// <summary>
/// Replaces what is outdated (another template, a drained node, a constraint that no longer holds), as many at once as the policy says: the
/// new one first, unless something exclusive is held. The next is begun when one is good. What does not serve anyway is replaced at once.
/// </summary>
internal static class RollingUpdate
{
    /// <summary>
    /// Slots with more than one wanted allocation: the old one goes when the new one is good, the new one when it is to be given up.
    /// </summary>
    public static void Tidy(ServiceDraft draft, IEnumerable<SlotView> slots)
    {
        foreach (var slot in slots)
        {
            var isCompleted = slot.Done is { Ended: AllocationState.Completed };
            if (slot.Wanted.Count < 2 && !isCompleted) continue;
            var kept = isCompleted ? [] : Kept(draft, slot);
            foreach (var view in slot.Wanted.Except(kept).ToList())
            {
                if (!draft.Editor.TryUpdate(view.Record with { Desired = DesiredState.Remove })) return;
                slot.Wanted.Remove(view);
                slot.IsStopping |= !view.IsLost;
            }
        }
    }

    /// <summary>Begins the next replacements, if their time has come.</summary>
    public static void Advance(ServiceDraft draft, IReadOnlyCollection<SlotView> slots)
    {
        if ((draft.Target.Image is null && !draft.FallsBack) || draft.IsPaused) return;
        var outdated = new List<SlotView>();
        var underWay = 0;
        foreach (var slot in slots)
        {
            if (slot is { Done: null, Wanted: [{ IsCurrent: false, IsLost: false, IsBraked: false }] }) outdated.Add(slot);
            else if (MayBeWaitedFor(draft, slot) && IsUnderWay(draft, slot)) underWay++;
        }

        if (outdated.Count == 0) return;
        var dead = outdated.Where(slot => draft.IsDead(slot.Wanted[0].Record)).ToList();
#if MUTANTS
        if (MutantSwitch.Is(Mutant.RollAllAtOnce)) dead = outdated;
#endif
        foreach (var slot in dead)
            if (!Replacement.Begin(draft, slot, mayStop: true)) return;
        var pace = new UpdatePace(draft, slots) { UnderWay = underWay + dead.Count };
        foreach (var slot in outdated.Except(dead))
            if (!pace.MayBegin || !TryBegin(draft, slots, slot, pace)) return;
    }

    private static bool TryBegin(ServiceDraft draft, IReadOnlyCollection<SlotView> slots, SlotView slot, UpdatePace pace)
    {
        // What is just stopping may leave the room that the next one needs; what ended in this turn is counted out in the next.
        if (draft.Update.Order != UpdateOrder.StopFirst && (draft.HasEndings || slots.Any(one => one.IsStopping))
            && !Replacement.HasRoomBeside(draft, slot))
        {
            if (draft.HasEndings) draft.LookAgain(draft.Now);
            return false;
        }

        if (!Replacement.Begin(draft, slot, pace.MayStop(slot), isAlone: pace.UnderWay == 0)) return false;
        pace.UnderWay++;
        return true;
    }

    /// <summary>The oldest and the newest at most: one that serves, one that is to take its place.</summary>
    private static List<AllocationView> Kept(ServiceDraft draft, SlotView slot)
    {
        var current = slot.Current;
        var old = slot.Wanted.Where(view => view != current && !view.IsLost).OrderByDescending(view => view.IsAvailable)
            .ThenBy(view => view.Record.Id.Generation).FirstOrDefault();
        if (current is null) return [old ?? slot.Wanted[^1]];
        if (old is null) return [current];
        if (IsGood(draft, current) && MayFollow(draft, current)) return [current];
        // A rollout that has failed is not completed: what it left half-started goes, what serves stays.
        var isLeftover = draft.FallsBack && !current.IsAvailable && draft.Revisions[current.Record.Revision].SameTemplate(draft.Target);
        return isLeftover ? [old] : [old, current];
    }

    /// <summary>Where names are switched, its own must lead to it before another, to which it led till then, may go.</summary>
    private static bool MayFollow(ServiceDraft draft, AllocationView view) =>
        !draft.Rollout.HasColours || draft.Service.Untold.Contains(view.Record.Revision) || Colours.IsReached(draft, view);

    private static bool IsGood(ServiceDraft draft, AllocationView view)
    {
        if (view.GoodAt(draft) is not { } at) return false;
        if (draft.Now >= at) return true;
        draft.LookAgain(at);
        return false;
    }

    /// <summary>A slot that is not full and good: its replica is coming, or going. For one that has failed and may, nobody waits.</summary>
    private static bool IsUnderWay(ServiceDraft draft, SlotView slot)
    {
        if (slot.Done is not null) return false;
        if (slot.Wanted is [{ IsBraked: true }]) return false;
        if (draft.Target.Spec.IsGlobal() && slot.Wanted is [{ IsLost: true }]) return false; // waits for its node, and nobody waits for it
        if (slot.Current is { } current && IsGood(draft, current)) return false;
        return !draft.IsRunning || draft.Rollout.IsGoingBack || AllocationFailure.Of(draft, slot) is null;
    }

    /// <summary>
    /// What a canary leaves at the old revision is waited for while it moves from one node to another. One that serves nobody there, or
    /// whose successor fails, would hold up the new revision for ever.
    /// </summary>
    private static bool MayBeWaitedFor(ServiceDraft draft, SlotView slot) => draft.IsNewSlot(slot.Slot)
        || (slot.Wanted.Count > 1 && slot.Wanted.Exists(view => view.IsAvailable)
            && !slot.Wanted.Exists(view => AllocationFailure.HasFailed(draft, view)));
}
