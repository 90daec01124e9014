// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Planning.Rollouts;
using ClusterManager.Manager.Planning.Tracking;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Reconciliation;

/// <summary>Computes all changes of one service from the state as it is, and when to look again.</summary>
internal static class ServicePlanner
{
    /// <summary>What a service needs at least to be planned: its record, a few allocations. Less room waits for the next turn.</summary>
    private const int LeastChanges = 8;
    private const int LeastBytes = 16 * 1024;

    public static void Plan(Turn turn, ServiceId id)
    {
        if (!turn.State.Services.TryGetValue(id, out var service))
        {
            Forget(turn, id);
            return;
        }

        if (!turn.Budget.HasRoom(LeastChanges, LeastBytes))
        {
            turn.HasLeftovers = true;
            return;
        }

        var draft = new ServiceDraft(turn, service);
        AvoidedNodes.Forget(draft);
        AllocationEndings.Apply(draft);
        KeptContainers.Apply(draft);
        if (service.IsRemoving)
        {
            ImagePulls.Drop(draft);
            if (ServiceRemoval.Plan(draft)) Forget(turn, id);
            return;
        }

        ImageResolution.Plan(draft);
        ImagePulls.Plan(draft);
        DeployHooks.Plan(draft);
        if (!ColourUpkeep.Apply(draft))
        {
            draft.Finish();
            return;
        }

        var slots = SlotViews.Of(draft);
        var (writes, rollout) = (draft.Editor.Writes, draft.Rollout);
        RolloutJudge.FindFailures(draft, slots);
        if (draft.Editor.Writes != writes || draft.Rollout != rollout) slots = SlotViews.Of(draft);
        writes = draft.Editor.Writes;
        if (draft.Target.Spec.IsGlobal()) GlobalReconciler.Reconcile(draft, slots);
        else ColourReconciler.Reconcile(draft, slots);
        if (draft.IsRunning) RolloutJudge.Conclude(draft, draft.Editor.Writes == writes ? slots : SlotViews.Of(draft));
        TrackingNotes.Apply(draft);
        RevisionPruning.Apply(draft);
        draft.Finish();
    }

    private static void Forget(Turn turn, ServiceId id)
    {
        turn.Dirty.Remove(id);
        turn.Due.Remove(id);
        turn.State = turn.State with { Gaps = turn.State.Gaps.Remove(id) };
        turn.Memory = turn.Memory with
        {
            Progress = turn.Memory.Progress.Remove(id), Avoided = turn.Memory.Avoided.Remove(id),
            GateAnswers = turn.Memory.GateAnswers.Remove(id),
        };
        ImageRetries.Forget(turn, id);
        var queries = turn.State.ImageQueries.Values.Where(query => query.Service == id).Select(query => query.Number).ToList();
        if (queries.Count > 0) turn.State = turn.State with { ImageQueries = turn.State.ImageQueries.RemoveRange(queries) };
    }
}
