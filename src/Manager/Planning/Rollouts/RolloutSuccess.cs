// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Planning.Reconciliation;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Rollouts;

/// <summary>A rollout has succeeded when every wanted replica runs what is wanted and has been good for the settle window.</summary>
internal static class RolloutSuccess
{
    public static bool IsReached(ServiceDraft draft, SortedDictionary<int, SlotView> slots)
    {
#if MUTANTS
        if (MutantSwitch.Is(Mutant.SucceedEarly))
            return slots.Values.Count(slot => slot.Current is not null) >= draft.Service.Replicas;
#endif
        if (draft.IsPulling || draft.WaitsForHook || (draft.NewSlots is not null && CanarySlots.IsCanary(draft))) return false;
        if (draft.Target.Image is null && (draft.Target.Spec.IsGlobal() || draft.Service.Replicas > 0)) return false;
        if (draft.Rollout is { HasColours: true, IsGoingBack: false } && !ColourSwitch.IsThrough(draft)) return false;
        return draft.Target.Spec.IsGlobal() ? IsGlobalReached(draft, slots) : IsWhole(draft, slots);
    }

    /// <summary>Nodes that are down count when they are back: a rollout does not wait for the dead.</summary>
    private static bool IsGlobalReached(ServiceDraft draft, SortedDictionary<int, SlotView> slots)
    {
        foreach (var node in GlobalReconciler.WantedNodes(draft))
        {
            var known = slots.TryGetValue(node.Ordinal, out var slot);
            if (!known && node.Availability == NodeAvailability.Paused) continue;
            if (draft.Turn.NodeStateOf(node.Id) is NodeState.Down or NodeState.Unknown || draft.Turn.IsLost(node.Id)) continue;
            if (!known || !IsGood(draft, slot!)) return false;
        }

        return true;
    }

    /// <summary>As many replicas as are wanted run what is wanted and are good.</summary>
    public static bool IsWhole(ServiceDraft draft, SortedDictionary<int, SlotView> slots)
    {
        var wanted = slots.Values.Where(slot => slot.IsOccupied).ToList();
        return wanted.Count == draft.Service.Replicas && wanted.All(slot => IsGood(draft, slot));
    }

    /// <summary>The slot has what is wanted, and it has been good for its window.</summary>
    public static bool IsGood(ServiceDraft draft, SlotView slot)
    {
        if (slot.Done is { } done) return done.Ended == AllocationState.Completed;
        if (slot.Wanted is not [{ IsCurrent: true } only] || only.GoodAt(draft) is not { } at) return false;
        if (draft.Now >= at) return true;
        draft.LookAgain(at);
        return false;
    }
}
