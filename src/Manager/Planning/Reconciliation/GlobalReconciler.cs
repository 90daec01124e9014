// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Planning.Scheduling;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Reconciliation;

/// <summary>
/// Brings a global service to one replica on each node that meets its constraints. The slot is the node's ordinal: nothing ever moves to
/// another node, so what sits on a lost node waits there for its return.
/// </summary>
internal static class GlobalReconciler
{
    public static void Reconcile(ServiceDraft draft, SortedDictionary<int, SlotView> slots)
    {
        StopUnfit(draft, slots);
        RollingUpdate.Tidy(draft, slots.Values);
        Fill(draft, slots);
        RollingUpdate.Advance(draft, slots.Values);
    }

    /// <summary>The nodes that are to have a replica now. A paused node keeps its own; a drained one does not.</summary>
    public static IEnumerable<NodeRecord> WantedNodes(ServiceDraft draft)
    {
        var revision = draft.RevisionFor(null) ?? draft.Target;
        var request = PlacementRequest.For(draft.Turn.State, revision);
        return draft.Turn.State.Nodes.Values.Where(node =>
            node.Availability != NodeAvailability.Drained
            && request.Spec.Constraints.All(constraint => Scheduling.Filters.ConstraintFilter.Holds(constraint, node))
            && (request.Image is not { IsLocal: true } image || image.Nodes.Contains(node.Id))
            && request.Homes.All(home => home.Node == node.Id));
    }

    private static void StopUnfit(ServiceDraft draft, SortedDictionary<int, SlotView> slots)
    {
        var fit = WantedNodes(draft).Select(node => node.Id).ToHashSet();
        foreach (var slot in slots.Values.ToList())
        {
            foreach (var view in slot.Wanted.Where(view => !fit.Contains(view.Record.Node)).ToList())
            {
                if (!draft.Editor.TryUpdate(view.Record with { Desired = DesiredState.Remove })) return;
                slot.Wanted.Remove(view);
            }

            if (!slot.IsOccupied && !slot.IsStopping) slots.Remove(slot.Slot);
        }
    }

    private static void Fill(ServiceDraft draft, SortedDictionary<int, SlotView> slots)
    {
        foreach (var node in WantedNodes(draft).Where(node => node.Availability == NodeAvailability.Active).ToList())
        {
            var known = slots.TryGetValue(node.Ordinal, out var slot);
            if (known && slot!.IsOccupied) continue;
            if (known && Placement.WaitsForStop(draft, slot!, node.Id)) continue;
            if (draft.Turn.NodeStateOf(node.Id) != NodeState.Ready) continue; // placed when it is back
            if (!Placement.TryPlace(draft, node.Ordinal, null, node.Id) && draft.Editor.IsCutShort) return;
        }
    }
}
