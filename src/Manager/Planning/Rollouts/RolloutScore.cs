// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Planning.Reconciliation;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Rollouts;

/// <summary>How far a rollout has come, as a number that grows with each step forward, and what holds it up.</summary>
internal static class RolloutScore
{
    /// <summary>
    /// A resolved image counts 1, each replica of the target 1 for each state it has reached up to Running (5) and 2 more when it serves.
    /// A crash takes points away; the deadline counts from the best score ever, so a crash loop is no progress.
    /// </summary>
    public static long Of(ServiceDraft draft, IEnumerable<SlotView> slots)
    {
        // Before its image is known nothing runs it; what runs meanwhile counts as current and would be a score never reached again.
        if (draft.IsPulling) return ImagePulls.ScoreOf(draft);
        if (draft.Target.Image is null) return 0;
        if (DeployHooks.UnderWay(draft) is { } hook) return 1 + StepsOf(draft.Turn.State.Observations.GetValueOrDefault(hook.Id));
        long score = 1;
        foreach (var slot in slots)
        {
            if (slot.Done is not null) score += 7;
            else if (slot.Current is { } current)
                score += 1 + StepsOf(current.Seen) + (current.IsAvailable ? 2 : 0);
        }

        return score;
    }

    private static int StepsOf(AllocationObservation? seen) =>
        seen is null ? 0 : Math.Min((int)seen.State, (int)AllocationState.Running) / 64;

    /// <summary>What an operator would want to know first: the reason of an allocation, else of the gap, else where it hangs.</summary>
    public static (string Text, AllocationRecord? Culprit) MostTelling(ServiceDraft draft, IEnumerable<SlotView> slots)
    {
        if (draft.Target.Image is null)
            return ($"image {draft.Target.Spec.Container.Image} could not be looked up: no agent answered", null);
        if (draft.WaitsForHook) return ($"pre_deploy has no node: {draft.Unplaceable?.Text ?? "an older one has not ended"}", null);
        AllocationRecord? silent = null;
        foreach (var view in slots.SelectMany(slot => slot.Wanted).Where(view => !view.IsAvailable))
        {
            if (view.Seen?.Reason is { } reason) return (Told(draft, reason, draft.Turn.NodeName(view.Record.Node)), view.Record);
            silent ??= view.Record;
        }

        if (draft.Unplaceable is { } gap) return (gap.Text, null);
        if (silent is null) return ("replicas are missing", null);
        var state = draft.Turn.State.Observations.TryGetValue(silent.Id, out var seen) ? $"{seen.State}" : "not reported yet";
        return ($"replica {silent.Id.Slot} on {draft.Turn.NodeName(silent.Node)} is {state}", silent);
    }

    private static string Told(ServiceDraft draft, Reason reason, string node) => ImageRefusal.NamesItsNode(reason.Code)
        ? ImageRefusal.Told(reason, draft.Target.Spec.Container.Image, node).Text
        : $"{reason.Text} (on {node})";
}
