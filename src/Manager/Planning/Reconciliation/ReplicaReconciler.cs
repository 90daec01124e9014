// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Planning.Rollouts;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Reconciliation;

/// <summary>
/// Brings a replicated service to its number of replicas: too many are stopped, lost ones replaced, gaps filled, outdated ones rolled.
/// </summary>
internal static class ReplicaReconciler
{
    public static void Reconcile(ServiceDraft draft, SortedDictionary<int, SlotView> slots)
    {
        ScaleDown(draft, slots);
        RollingUpdate.Tidy(draft, slots.Values);
        ReplaceLost(draft, slots.Values);
        FillGaps(draft, slots);
        RollingUpdate.Advance(draft, slots.Values);
    }

    /// <summary>Those that do not serve go first, then the highest slots.</summary>
    private static void ScaleDown(ServiceDraft draft, SortedDictionary<int, SlotView> slots)
    {
        var occupied = slots.Values.Where(slot => slot.IsOccupied).ToList();
        var surplus = occupied.Count - draft.MostReplicas;
        if (surplus <= 0 || IsForNothing(draft)) return;
        var leaving = occupied.OrderBy(slot => slot.Wanted.Any(view => view.IsAvailable)).ThenByDescending(slot => slot.Slot).Take(surplus);
#if MUTANTS
        if (MutantSwitch.Is(Mutant.ScaleDownServing))
            leaving = occupied.OrderByDescending(slot => slot.Wanted.Any(view => view.IsAvailable)).Take(surplus);
#endif
        foreach (var slot in leaving.ToList())
        {
            var records = slot.Wanted.Select(view => view.Record).Concat(slot.Done is { } done ? [done] : []);
            foreach (var record in records)
                if (!draft.Editor.TryUpdate(record with { Desired = DesiredState.Remove })) return;
            slots.Remove(slot.Slot);
        }
    }

    /// <summary>No node could ever take what is wanted: the rollout ends with that, and stops nothing before.</summary>
    private static bool IsForNothing(ServiceDraft draft) =>
        draft.IsRunning && !draft.Rollout.IsGoingBack && draft.Rollout.FromRevision != 0
        && (draft.Replicas > 0 || HookSlot.All.Any(slot => DeployHooks.IsDue(draft, HookSlot.KindOf(slot))))
        && draft.Rollout.FromRevision != draft.Rollout.ToRevision && !draft.SchedulerFor(draft.Target).CouldEverFit();

    private static void ReplaceLost(ServiceDraft draft, IEnumerable<SlotView> slots)
    {
        foreach (var slot in slots)
        {
            if (slot.Wanted is not [var only]) continue;
            if (only.IsBraked) draft.AddGap(Braked(draft, only.Record.Node));
            if (only.IsLost && !Placement.TryPlace(draft, slot.Slot, only.Record) && draft.Editor.IsCutShort) return;
        }
    }

    private static Reason Braked(ServiceDraft draft, NodeId node) => new(
        ReasonCode.MassLossBrake,
        $"{draft.Turn.NodeName(node)} and {draft.Turn.Memory.BrakedNodes.Count - 1} more went down at once: "
        + "nothing moves until they return or 'cluster node confirm-loss' says they are lost");

    /// <summary>
    /// The lowest free slots are filled, all at once. What needs the room, the port or the volume of its slot's old one waits for its end.
    /// </summary>
    private static void FillGaps(ServiceDraft draft, SortedDictionary<int, SlotView> slots)
    {
        var missing = draft.LeastReplicas - slots.Values.Count(slot => slot.IsOccupied);
        for (var slot = 1; missing > 0; slot++)
        {
            var known = slots.TryGetValue(slot, out var view);
            if (known && view!.IsOccupied) continue;
            missing--;
            if (known && Placement.WaitsForStop(draft, view!, null)) continue;
            if (!Placement.TryPlace(draft, slot) && draft.Editor.IsCutShort) return;
        }
    }
}
