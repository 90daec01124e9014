// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Manager.Planning.Reconciliation;

/// <summary>
/// Brings a service that has two colours to its number of replicas in each, one colour as if the other were not there; any other service is
/// simply reconciled. Who has room first is the colour to which the name leads.
/// </summary>
internal static class ColourReconciler
{
    public static void Reconcile(ServiceDraft draft, SortedDictionary<int, SlotView> slots)
    {
        if (draft.OtherColour is null)
        {
            ReplicaReconciler.Reconcile(draft, slots);
            return;
        }

        var isSwitched = draft.Rollout.SwitchedAt is not null;
        if (isSwitched) Own(draft, slots);
        Other(draft);
        if (!isSwitched && !draft.IsPaused) Own(draft, slots);
    }

    private static void Own(ServiceDraft draft, SortedDictionary<int, SlotView> slots)
    {
        if (draft.IsTargetReady) ReplicaReconciler.Reconcile(draft, slots);
    }

    private static void Other(ServiceDraft draft)
    {
        draft.Standing = draft.OtherColour;
        ReplicaReconciler.Reconcile(draft, SlotViews.Of(draft));
        draft.Standing = null;
    }
}
