// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Planning.Reconciliation;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Rollouts;

/// <summary>
/// Which slots run the new revision at a canary's step: those that do, and others until the step has its number. It follows
/// from the allocations, so that another leader chooses the same.
/// </summary>
internal static class CanarySlots
{
    /// <summary>Null: no canary holds anything back.</summary>
    public static SortedSet<int>? Of(ServiceDraft draft)
    {
        if (!IsCanary(draft)) return null;
        var limit = draft.Update.ReplicasAt(draft.Rollout.Step, draft.Service.Replicas);
        if (limit >= draft.Service.Replicas) return null;
        var slots = new SortedSet<int>();
        var occupied = new SortedSet<int>();
        foreach (var (slot, records) in draft.Editor.Slots)
        {
            if (records.Any(record => IsThere(draft, record))) occupied.Add(slot);
            if (records.Any(record => IsThere(draft, record) && draft.IsOfTarget(record))) slots.Add(slot);
        }

        foreach (var slot in InOrder(draft, Filled(occupied, draft.Service.Replicas), occupied))
        {
            if (slots.Count >= limit) break;
            slots.Add(slot);
        }

        return slots;
    }

    /// <summary>
    /// First where nobody is served: what is missing, told to stop for the new one or not, then what is dead. What serves may have to wait
    /// for those before it can be replaced, and the old revision may never serve there again. Then the lowest.
    /// </summary>
    private static IEnumerable<int> InOrder(ServiceDraft draft, IEnumerable<int> slots, SortedSet<int> occupied) =>
        slots.OrderBy(slot => !occupied.Contains(slot) ? 0 : IsDead(draft, slot) ? 1 : 2).ThenBy(slot => slot);

    private static bool IsDead(ServiceDraft draft, int slot)
    {
        var wanted = draft.Editor.Slots[slot].Where(record => record.IsWanted).ToList();
        return wanted.Count > 0 && wanted.TrueForAll(draft.IsDead);
    }

    /// <summary>The rollout is a canary that has steps before it, and acts.</summary>
    public static bool IsCanary(ServiceDraft draft) =>
        draft.IsRunning && draft.Rollout is { IsGoingBack: false, IsPromoted: false, HasColours: false }
        && draft.Update.Strategy == UpdateStrategy.Canary && draft.IsTargetReady
        && draft.From is { Image: not null } from && !from.SameTemplate(draft.Target);

    /// <summary>The slots that have a replica or get the next ones, from the lowest.</summary>
    private static IEnumerable<int> Filled(SortedSet<int> occupied, int replicas)
    {
        var missing = Math.Max(0, replicas - occupied.Count);
        var highest = occupied.Count == 0 ? 0 : occupied.Max;
        for (var slot = 1; slot <= highest || missing > 0; slot++)
        {
            if (!occupied.Contains(slot) && missing-- <= 0) continue;
            yield return slot;
        }
    }

    private static bool IsThere(ServiceDraft draft, AllocationRecord record) => record.IsWanted
        || (record.Desired <= DesiredState.Run && (record.Ended == AllocationState.Completed
            || (record.Ended is AllocationState.Failed or AllocationState.Rejected && record.EndedAt >= draft.Rollout.StartedAt)));
}
