// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Planning.Reconciliation;
using ClusterManager.Manager.Planning.Scheduling;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Rollouts;

/// <summary>Decides how a rollout ends. It always does: by success, by the first definite failure, or by its progress deadline.</summary>
internal static class RolloutJudge
{
    /// <summary>
    /// Looks for failures of new allocations, and moves what met a taken port. What goes back is not judged by its first failure: it has
    /// served before, and giving it up helps nobody; its deadline ends it. What is paused is judged when it goes on.
    /// </summary>
    public static void FindFailures(ServiceDraft draft, SortedDictionary<int, SlotView> slots)
    {
        // The target is asked for each time: the first of them may have sent the rollout back.
        foreach (var view in slots.Values.SelectMany(slot => slot.Wanted).ToList())
            if (AllocationFailure.IsPortTaken(view) && IsOfTarget(draft, view.Record)) MoveAway(draft, slots, view);
        if (!draft.IsRunning || draft.Rollout.IsGoingBack || draft.IsPaused) return;
        var failures = slots.Values.Select(slot => AllocationFailure.Of(draft, slot)).OfType<FailedAllocation>().ToList();
        if (failures.Count == 0) return;
        var update = draft.Update;
        if (failures.Count <= update.FailuresAllowed(draft.Target.Spec.IsGlobal() ? slots.Count : draft.Service.Replicas)) return;
        var (reason, record) = failures[0];
        if (update.FailureAction != FailureAction.Continue) Fail(draft, slots, reason, record);
        else if (draft.Rollout.Failed is null) RolloutEnding.Note(draft, reason, record);
    }

    /// <summary>After everything was placed that could be: is it done, stuck for good, or too slow?</summary>
    public static void Conclude(ServiceDraft draft, SortedDictionary<int, SlotView> slots)
    {
        if (!draft.IsRunning || draft.Editor.IsCutShort || draft.IsIncomplete) return;
        if (draft.IsPaused)
        {
            if (RolloutSuccess.IsReached(draft, slots) && DeployHooks.IsPostDone(draft)) RolloutEnding.Succeed(draft);
            return;
        }

        // While the image is not known, gaps are filled with what was there before: that no node takes that one says nothing of this one.
        if (draft.IsTargetReady && draft.TargetGap is { } gap
            && (gap.Code == ReasonCode.NoNodeMatches || PortGap.IsDefinite(draft, gap)))
        {
            Fail(draft, slots, gap, null);
            return;
        }

        if (draft.Target.Spec.IsGlobal() && draft.IsTargetReady && !GlobalReconciler.WantedNodes(draft).Any())
        {
            Fail(draft, slots, NothingMatches(draft), null);
            return;
        }

        if (CanarySteps.Advance(draft, slots) || ColourSwitch.Advance(draft, slots)) RestartDeadline(draft, slots);
        else if (DeployHooks.IsRunning(draft)) RestartDeadline(draft, slots);
        else if (RolloutSuccess.IsReached(draft, slots) && DeployHooks.IsPostDone(draft)) RolloutEnding.Succeed(draft);
        else if (IsThroughWithFailures(draft, slots)) FailAsNoted(draft, slots);
        else CheckDeadline(draft, slots);
    }

    /// <summary>It went on in spite of failures, and there is nothing left to replace: what is not good has failed.</summary>
    private static bool IsThroughWithFailures(ServiceDraft draft, SortedDictionary<int, SlotView> slots) =>
        draft.Rollout is { Failed: not null, IsGoingBack: false } && !draft.Target.Spec.IsGlobal()
        && slots.Values.Count(slot => slot.IsOccupied) >= draft.Service.Replicas
        && slots.Values.All(slot => AllocationFailure.Of(draft, slot) is not null || RolloutSuccess.IsGood(draft, slot));

    private static bool IsOfTarget(ServiceDraft draft, AllocationRecord record) => Runs(draft, record, draft.Target);

    private static bool Runs(ServiceDraft draft, AllocationRecord record, RevisionRecord target) =>
        draft.Revisions.TryGetValue(record.Revision, out var revision) && revision.SameTemplate(target);

    private static void Fail(ServiceDraft draft, SortedDictionary<int, SlotView> slots, Reason reason, AllocationRecord? culprit)
    {
        var target = draft.Target;
        if (culprit is not null) reason = ImageRefusal.Told(reason, target.Spec.Container.Image, draft.Turn.NodeName(culprit.Node));
        RolloutEnding.Fail(draft, reason, culprit);
        GiveUp(draft, slots, target, reason, culprit);
    }

    private static void FailAsNoted(ServiceDraft draft, SortedDictionary<int, SlotView> slots)
    {
        var reason = draft.Rollout.Reason!;
        var culprit = slots.Values.SelectMany(slot => slot.Wanted).FirstOrDefault(view => view.Record.Id == draft.Rollout.Failed)?.Record;
        RolloutEnding.FailAsNoted(draft);
        GiveUp(draft, slots, draft.Target, reason, culprit);
    }

    /// <summary>
    /// The rollout has failed. Where an older revision can go on, the new allocations that do not serve are taken away at once and old ones
    /// stay or return; where there is none (a first deploy, a scale), the agents keep trying: only the verdict is final.
    /// </summary>
    private static void GiveUp(
        ServiceDraft draft, SortedDictionary<int, SlotView> slots, RevisionRecord target, Reason reason, AllocationRecord? culprit)
    {
        if (!draft.FallsBack && draft.Target.SameTemplate(target)) return;
        var given = slots.Values.SelectMany(slot => slot.Wanted)
            .Where(view => !view.IsAvailable && view.Record.CreatedAt >= draft.Rollout.StartedAt && Runs(draft, view.Record, target))
            .Select(view => view.Record)
            .Concat(culprit is not null && Runs(draft, culprit, target) && !ServesAlone(slots, culprit) ? [culprit] : [])
            .DistinctBy(record => record.Id);
        var why = AllocationEndings.Short(reason);
        foreach (var record in given.ToList())
        {
            var leaving = record.Id == culprit?.Id ? KeptContainers.Stopped(draft, record, why)
                : record with { Desired = DesiredState.Remove, Reason = record.Reason ?? why };
            if (!draft.Editor.TryUpdate(leaving)) return;
        }
    }

    /// <summary>It serves between two crashes, and nobody else serves in its slot: it stays until its successor does.</summary>
    private static bool ServesAlone(SortedDictionary<int, SlotView> slots, AllocationRecord culprit)
    {
        if (!slots.TryGetValue(culprit.Id.Slot, out var slot)) return false;
        return slot.Wanted.Where(view => view.IsAvailable).Select(view => view.Record.Id).SequenceEqual([culprit.Id]);
    }

    /// <summary>The node is left alone for a while; if no other takes the replica and the rollout runs, it has failed.</summary>
    private static void MoveAway(ServiceDraft draft, SortedDictionary<int, SlotView> slots, AllocationView view)
    {
        var reason = view.Seen!.Reason!;
        AvoidedNodes.Add(draft, view.Record.Node);
        var scheduler = draft.SchedulerFor(draft.Target);
        if (draft.Target.Spec.IsGlobal() || scheduler.IsFull)
        {
            if (draft.IsRunning && !draft.IsPaused && !draft.Rollout.IsGoingBack)
                Fail(draft, slots, PortTakenEverywhere(draft, scheduler, view, reason), view.Record);
            return;
        }

        // It never started here, so the slot is free: reconciliation places the next one elsewhere.
        draft.Editor.TryUpdate(view.Record with { Desired = DesiredState.Remove, Reason = AllocationEndings.Short(reason) });
    }

    private static Reason PortTakenEverywhere(ServiceDraft draft, Scheduler scheduler, AllocationView view, Reason reason)
    {
        if (draft.Target.Spec.IsGlobal()) return reason;
        var all = PlacementSummary.Of(scheduler, scheduler.Verdicts(), anyReady: true);
        return new Reason(ReasonCode.PortTaken, $"{all.Text} ({draft.Turn.NodeName(view.Record.Node)} says: {reason.Text})");
    }

    private static Reason NothingMatches(ServiceDraft draft)
    {
        var scheduler = draft.SchedulerFor(draft.Target);
        var reason = PlacementSummary.Of(scheduler, scheduler.Verdicts(), anyReady: true);
        return reason with { Code = ReasonCode.NoNodeMatches };
    }

    /// <summary>A step is held: nothing is to move, and the deadline counts from its end.</summary>
    private static void RestartDeadline(ServiceDraft draft, SortedDictionary<int, SlotView> slots)
    {
        if (!draft.IsRunning || draft.Rollout.IsGoingBack) return;
        var progress = new RolloutProgress(draft.Rollout.Number, RolloutScore.Of(draft, slots.Values), draft.Now, draft.Phase);
        draft.Turn.Memory = draft.Turn.Memory with { Progress = draft.Turn.Memory.Progress.SetItem(draft.Service.Id, progress) };
    }

    private static void CheckDeadline(ServiceDraft draft, SortedDictionary<int, SlotView> slots)
    {
        var memory = draft.Turn.Memory;
        var score = RolloutScore.Of(draft, slots.Values);
        var progress = memory.Progress.GetValueOrDefault(draft.Service.Id);
        if (progress is null || progress.Rollout != draft.Rollout.Number
            || progress.Phase != draft.Phase || score > progress.Score)
        {
            progress = new RolloutProgress(draft.Rollout.Number, score, draft.Now, draft.Phase);
            draft.Turn.Memory = memory with { Progress = memory.Progress.SetItem(draft.Service.Id, progress) };
        }

        var deadline = progress.At + RolloutPatience.Of(draft.Rollout, draft.Target);
        if (draft.Now < deadline)
        {
            draft.LookAgain(deadline);
            return;
        }

        if (DeployHooks.UnderWay(draft) is { } hook)
        {
            DeployHooks.Fail(draft, hook, TooSlow(draft, DeployHooks.MostTelling(draft, hook)));
            return;
        }

        if (draft.IsPulling)
        {
            var (why, node) = ImagePulls.MostTelling(draft);
            RolloutEnding.Fail(draft, TooSlow(draft, why), null, node);
            ImagePulls.Drop(draft);
            return;
        }

        var (cause, culprit) = RolloutScore.MostTelling(draft, slots.Values);
        Fail(draft, slots, TooSlow(draft, cause), culprit);
    }

    private static Reason TooSlow(ServiceDraft draft, string cause) =>
        new(ReasonCode.ProgressDeadline, $"no progress for {Amounts.Span(draft.Rollout.Deadline)}: {cause}");
}
