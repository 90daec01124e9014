// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Reconciliation;

/// <summary>
/// Begins the replacement of one outdated replica: the new one first where a node has room for both, else the old one stops first, if the
/// new one then fits where it was; or as the policy says. What uses a named volume always stops first: two must not write to it.
/// </summary>
internal static class Replacement
{
    /// <param name="draft">The service.</param>
    /// <param name="slot">The slot with its one outdated replica.</param>
    /// <param name="mayStop">The old one may stop before the new one serves.</param>
    /// <param name="isAlone">No other replacement is under way, whose end may bring room.</param>
    /// <returns>False when nothing was begun: no node takes it (a gap is noted), or the turn is full.</returns>
    public static bool Begin(ServiceDraft draft, SlotView slot, bool mayStop, bool isAlone = true)
    {
        var record = slot.Wanted[0].Record;
        var only = OnlyNode(draft, record);
        if (draft.RevisionFor(record) is not { } revision) return Placement.TryPlace(draft, slot.Slot, null, only);
        var scheduler = draft.SchedulerFor(revision);
        var usesVolumes = revision.Spec.NamedVolumes().Any();
        var hasRoom = HasRoomBeside(draft, slot);
#if MUTANTS
        if (MutantSwitch.Is(Mutant.StopBeforeStart)) return Stop(draft, slot);
#endif
        var order = draft.Update.Order;
        if (hasRoom && !usesVolumes && order != UpdateOrder.StopFirst) return Placement.TryPlace(draft, slot.Slot, null, only);
        if (!isAlone && order != UpdateOrder.StopFirst) return false;
        if (IsToBeEmptied(draft, record.Node) && usesVolumes) return scheduler.CouldEverFit() && Stop(draft, slot);
        if (order != UpdateOrder.StartFirst || usesVolumes) return StopFirst(draft, slot, revision, mayStop, hasRoom);
        Placement.NoteGap(draft, scheduler, only, revision);
        return false;
    }

    /// <summary>The old one goes, if the new one fits then and enough others serve.</summary>
    private static bool StopFirst(ServiceDraft draft, SlotView slot, RevisionRecord revision, bool mayStop, bool hasRoom)
    {
        var record = slot.Wanted[0].Record;
        var scheduler = draft.SchedulerFor(revision);
        if (!hasRoom && !FitsInItsPlace(draft, scheduler, record, slot.Slot))
            Placement.NoteGap(draft, scheduler, OnlyNode(draft, record), revision);
        else if (mayStop) return Stop(draft, slot);
        else draft.AddGap(new Reason(ReasonCode.NoNodeFreeNow, WaitText(draft, record)), 1, scheduler.Verdicts());
        return false;
    }

    /// <summary>Some node has room for the new one while the old one still runs; so too while its image is not known.</summary>
    public static bool HasRoomBeside(ServiceDraft draft, SlotView slot)
    {
        var record = slot.Wanted[0].Record;
        if (draft.RevisionFor(record) is not { } revision) return true;
        var scheduler = draft.SchedulerFor(revision);
        return OnlyNode(draft, record) is { } own ? scheduler.Fits(own) : !scheduler.IsFull;
    }

    /// <summary>A global service's replica stays with its node; null: any node will do.</summary>
    private static NodeId? OnlyNode(ServiceDraft draft, AllocationRecord record) => draft.Target.Spec.IsGlobal() ? record.Node : null;

    private static bool FitsInItsPlace(ServiceDraft draft, Scheduling.Scheduler scheduler, AllocationRecord record, int slot) =>
        draft.Revisions.TryGetValue(record.Revision, out var old)
        && scheduler.FitsWithout(record.Node, old.Spec, $"{draft.Service.Name.Display}.{slot}");

    /// <summary>A drained node is emptied of what can run nowhere else, too: that is what the operator asked for.</summary>
    private static bool IsToBeEmptied(ServiceDraft draft, NodeId node) =>
        draft.Turn.State.Nodes.TryGetValue(node, out var known) && known.Availability == NodeAvailability.Drained;

    /// <summary>What is told to stop serves no more, for those who are asked about after it in this turn.</summary>
    private static bool Stop(ServiceDraft draft, SlotView slot)
    {
        if (!draft.Editor.TryUpdate(slot.Wanted[0].Record with { Desired = DesiredState.Remove })) return false;
        slot.Wanted.RemoveAt(0);
        slot.IsStopping = true;
        return true;
    }

    private static string WaitText(ServiceDraft draft, AllocationRecord record) =>
        $"the old replica on {draft.Turn.NodeName(record.Node)} can not stop before the new one starts while others do not serve";
}
