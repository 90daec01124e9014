// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Planning.Rollouts;
using ClusterManager.Manager.Planning.Scheduling.Filters;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Reconciliation;

/// <summary>Sorts a service's allocations by slot and by what is to be done about them.</summary>
internal static class SlotViews
{
    /// <summary>All slots that hold something that matters, by slot.</summary>
    public static SortedDictionary<int, SlotView> Of(ServiceDraft draft)
    {
        draft.NewSlots = CanarySlots.Of(draft);
        var views = new SortedDictionary<int, SlotView>();
        foreach (var (slot, all) in draft.Editor.Slots)
        {
            var records = all;
            if (draft.OtherColour is not null && (records = [.. all.Where(draft.IsOfColour)]).IsEmpty) continue;
            var view = new SlotView { Slot = slot };
            foreach (var record in records) Sort(draft, view, record);
            if (records[^1] is { IsLive: false } last && IsDone(draft, last)) view.Done = last;
            if (view.IsOccupied || view.IsStopping) views[slot] = view;
        }

        return views;
    }

    private static void Sort(ServiceDraft draft, SlotView view, AllocationRecord record)
    {
        if (!record.IsLive) return;
        if (record.IsWanted) view.Wanted.Add(ViewOf(draft, record));
        else view.IsStopping |= !draft.Turn.IsLost(record.Node) && !draft.Turn.State.IsKept(record);
    }

    private static AllocationView ViewOf(ServiceDraft draft, AllocationRecord record)
    {
        var turn = draft.Turn;
        var isLost = turn.IsLost(record.Node);
        return new AllocationView
        {
            Record = record,
            Seen = turn.State.Observations.GetValueOrDefault(record.Id),
            IsLost = isLost,
            IsBraked = turn.Memory.BrakedNodes.Contains(record.Node),
            IsCurrent = !isLost && !IsToGo(draft, record) && RunsWhatIsWanted(draft, record) && MayStay(draft, record),
            IsAvailable = !isLost && turn.State.IsAvailable(record),
        };
    }

    /// <summary>An operator wants another in its place. While a rollout waits for its image nothing is touched.</summary>
    private static bool IsToGo(ServiceDraft draft, AllocationRecord record) =>
        record.IsToBeReplaced && (draft.FallsBack || draft.IsTargetReady);

    private static bool RunsWhatIsWanted(ServiceDraft draft, AllocationRecord record) =>
        draft.FallsBack ? !draft.IsCulprit(record)
        : draft.Standing is not null // what the old colour has stays as it is
        || !draft.IsTargetReady || draft.IsOfItsRevision(record);

    /// <summary>The node is not being emptied and meets the constraints. A full, paused or unreachable node keeps what it has.</summary>
    private static bool MayStay(ServiceDraft draft, AllocationRecord record) =>
        draft.Turn.State.Nodes.TryGetValue(record.Node, out var node)
        && node.Availability != NodeAvailability.Drained
        && (draft.RevisionFor(record) ?? draft.Target).Spec.Constraints.All(constraint => ConstraintFilter.Holds(constraint, node));

    /// <summary>
    /// It ended by itself and its restart policy is through. A completed one stays completed until its container changes; a failed one is
    /// tried again by the next rollout, and not before.
    /// </summary>
    private static bool IsDone(ServiceDraft draft, AllocationRecord last) =>
        last.Desired <= DesiredState.Run
        && last.Ended is AllocationState.Completed or AllocationState.Failed or AllocationState.Rejected
        && RunsWhatIsWanted(draft, last)
        && (last.Ended == AllocationState.Completed || last.EndedAt >= draft.Rollout.StartedAt);
}
