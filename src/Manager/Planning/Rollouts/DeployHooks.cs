// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Planning.Reconciliation;
using ClusterManager.Manager.Planning.Scheduling;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Rollouts;

/// <summary>
/// Runs the hooks of a deploy: <c>pre_deploy</c> before a container is touched, <c>post_deploy</c> when all are good. Each is begun once,
/// in the commit that writes so into the rollout's record, and its outcome is what its agent says of that one allocation, whoever leads
/// then.
/// </summary>
internal static class DeployHooks
{
    /// <summary>The rollout is a deploy that changes what containers are made of, and its revision has that hook.</summary>
    public static bool IsDue(ServiceDraft draft, HookKind kind)
    {
        if (!draft.Rollout.RunsHooks || draft.Rollout.IsGoingBack || draft.Target.Spec.Update.HookOf(kind) is null) return false;
        return draft.From is not { Image: not null } from || !from.SameTemplate(draft.Target)
            || !draft.Service.HasServed(from.Number);
    }

    /// <summary>Takes note of ends, judges them, and begins <c>pre_deploy</c> when its time has come.</summary>
    public static void Plan(ServiceDraft draft)
    {
        StopOthers(draft);
        foreach (var slot in HookSlot.All)
        {
            var kind = HookSlot.KindOf(slot);
            HookOutcomes.Note(draft, kind);
            if (!draft.IsRunning || draft.IsPaused || !IsDue(draft, kind)) continue;
            if (draft.Rollout.HookOf(kind) is { State: HookState.Failed, Reason: { } reason } run)
                RolloutEnding.Fail(draft, reason, Find(draft, run), run.Node);
        }

        if (draft.WaitsForHook) Begin(draft, HookKind.PreDeploy);
    }

    /// <summary>All replicas are good: nothing is left to do but the verdict. Begins <c>post_deploy</c> where that is not so.</summary>
    public static bool IsPostDone(ServiceDraft draft)
    {
        if (!IsDue(draft, HookKind.PostDeploy) || draft.Rollout.PostDeploy is { State: HookState.Succeeded }) return true;
        Begin(draft, HookKind.PostDeploy);
        return false;
    }

    /// <summary>The hook that has a node and whose end is not known; null: none.</summary>
    public static HookRun? UnderWay(ServiceDraft draft)
    {
        if (!draft.IsRunning || draft.Rollout.IsGoingBack) return null;
        return draft.Rollout.PreDeploy is { State: HookState.Running } pre ? pre
            : draft.Rollout.PostDeploy is { State: HookState.Running } post ? post : null;
    }

    /// <summary>Its process runs: its own time counts, and not the progress deadline.</summary>
    public static bool IsRunning(ServiceDraft draft) => UnderWay(draft) is { } run
        && draft.Turn.State.Observations.GetValueOrDefault(run.Id) is { State: AllocationState.Running };

    /// <summary>The rollout fails by a hook that is under way.</summary>
    public static void Fail(ServiceDraft draft, HookRun run, Reason reason)
    {
        var record = Find(draft, run);
        if (HookOutcomes.Settle(draft, run, record, HookState.Failed, reason)) RolloutEnding.Fail(draft, reason, record, run.Node);
    }

    /// <summary>What holds up a hook that does not run yet.</summary>
    public static string MostTelling(ServiceDraft draft, HookRun run)
    {
        var seen = draft.Turn.State.Observations.GetValueOrDefault(run.Id);
        return seen?.Reason is { } reason ? $"{HookSlot.Word(run.Kind)}: {reason.Text} (on {run.Node})"
            : $"{HookSlot.Word(run.Kind)} on {run.Node} is {(seen is null ? "not reported yet" : $"{seen.State}")}";
    }

    /// <summary>The run's allocation; null: its record is gone.</summary>
    public static AllocationRecord? Find(ServiceDraft draft, HookRun run) =>
        draft.Editor.Hooks.GetValueOrDefault(run.Id.Slot, []).FirstOrDefault(record => record.Id == run.Id);

    /// <summary>What no rollout waits for (any more) is stopped: it was superseded, aborted, or has failed otherwise.</summary>
    private static void StopOthers(ServiceDraft draft)
    {
        foreach (var record in draft.Editor.Hooks.Values.SelectMany(records => records).Where(record => record.IsWanted).ToList())
        {
            var kind = HookSlot.KindOf(record.Id.Slot);
            var run = draft.Rollout.HookOf(kind);
            if (run?.Id == record.Id && draft.IsRunning && IsDue(draft, kind)) continue;
            var reason = new Reason(ReasonCode.Halted, $"{HookSlot.Word(kind)} was stopped: its rollout has ended");
            if (!draft.Editor.TryUpdate(record with { Desired = DesiredState.Remove, Reason = reason })) return;
            if (run?.Id == record.Id && run.State == HookState.Running)
                HookOutcomes.Write(draft, run with { State = HookState.Failed, EndedAt = draft.Now, Reason = reason });
        }
    }

    /// <summary>Places the hook, once; not while one of an earlier rollout still ends.</summary>
    private static void Begin(ServiceDraft draft, HookKind kind)
    {
        if (!draft.IsRunning || draft.IsPaused || draft.IsPulling || draft.Target.Image is null) return;
        if (draft.Rollout.HookOf(kind) is not null || IsOlderThere(draft, kind)) return;
        var scheduler = new Scheduler(draft.Turn.Nodes, PlacementRequest.ForHook(draft.Turn.State, draft.Target, kind),
            ImmutableSortedDictionary<NodeId, int>.Empty);
        if (scheduler.Best() is not { } node)
        {
            NoteGap(draft, kind, scheduler);
            return;
        }

        var slot = HookSlot.Of(kind);
        if (!draft.Editor.TryAdd(slot, node, draft.Target.Number, null)) return;
        scheduler.Take(node, $"{draft.Service.Name.Display}.{HookSlot.NameOf(slot)}");
        HookOutcomes.Write(draft, new HookRun
        {
            Id = draft.Editor.Hooks[slot][^1].Id, Node = draft.Turn.NodeName(node), BegunAt = draft.Now,
        });
    }

    private static bool IsOlderThere(ServiceDraft draft, HookKind kind) => draft.Editor.Hooks.GetValueOrDefault(HookSlot.Of(kind), [])
        .Any(record => record.IsLive && !draft.Turn.State.IsKept(record) && !draft.Turn.IsLost(record.Node));

    /// <summary>What no node could ever take fails at once; otherwise the progress deadline counts.</summary>
    private static void NoteGap(ServiceDraft draft, HookKind kind, Scheduler scheduler)
    {
        var verdicts = scheduler.Verdicts();
        var anyReady = draft.Turn.State.NodeObservations.Values.Any(seen => seen.State == NodeState.Ready);
        var reason = PlacementSummary.Of(scheduler, verdicts, anyReady);
        reason = reason with { Text = $"{HookSlot.Word(kind)}: {reason.Text}" };
        if (reason.Code == ReasonCode.NoNodeMatches) RolloutEnding.Fail(draft, reason, null);
        else draft.AddGap(reason, 1, verdicts);
    }
}
