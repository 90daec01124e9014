// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Planning.Reconciliation;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Rollouts;

/// <summary>
/// Finds out how a hook ended: as its agent says, or by its time, or with its node. Nobody runs it again to find out. Its container is kept
/// for a while, so that its last words can be read.
/// </summary>
internal static class HookOutcomes
{
    /// <summary>Takes note of the end of the rollout's hook, if it has ended.</summary>
    public static void Note(ServiceDraft draft, HookKind kind)
    {
        if (draft.Rollout.HookOf(kind) is not { State: HookState.Running } run) return;
        if (DeployHooks.Find(draft, run) is not { IsWanted: true } record)
            Settle(draft, run, null, HookState.Failed, Unknown(run, "nothing is recorded of it any more"));
        else if (draft.Turn.State.Observations.GetValueOrDefault(run.Id) is { HasEnded: true } end)
            Settle(draft, run, record, end.State == AllocationState.Completed ? HookState.Succeeded : HookState.Failed,
                end.State == AllocationState.Completed ? null : ReasonOf(draft, run, end));
        else if (draft.Turn.IsLost(record.Node))
            Settle(draft, run, record, HookState.Failed, Unknown(run, $"{run.Node} was lost meanwhile"));
        else if (!draft.IsPaused) WatchTime(draft, run, record);
    }

    /// <summary>Writes the outcome down; its allocation is told to stop and its container kept.</summary>
    /// <returns>False when the turn has no room for it.</returns>
    public static bool Settle(ServiceDraft draft, HookRun run, AllocationRecord? record, HookState state, Reason? reason)
    {
        reason = AllocationEndings.Short(reason);
        if (record is not null)
        {
            // A lost node is to keep nothing: whatever it still runs there ends when it returns.
            var desired = draft.Turn.IsLost(record.Node) ? DesiredState.Remove : DesiredState.Stop;
            if (!draft.Editor.TryUpdate(record with { Desired = desired, Reason = reason })) return false;
            if (draft.Turn.State.Observations.GetValueOrDefault(record.Id) is { HasEnded: true }) draft.Turn.RoomMayHaveGrown = true;
        }

        Write(draft, run with { State = state, EndedAt = draft.Now, Reason = reason });
        return true;
    }

    /// <summary>Writes the run into the rollout's record.</summary>
    public static void Write(ServiceDraft draft, HookRun run) =>
        draft.Service = draft.Service with { Rollout = draft.Rollout.With(run) };

    private static void WatchTime(ServiceDraft draft, HookRun run, AllocationRecord record)
    {
        if (draft.Target.Spec.Update.HookOf(run.Kind) is not { } hook) return;
        if (draft.Turn.State.Observations.GetValueOrDefault(run.Id) is not { State: AllocationState.Running } seen) return;
        var until = seen.ChangedAt + hook.Timeout;
        if (draft.Now < until)
        {
            draft.LookAgain(until);
            return;
        }

        var text = $"{HookSlot.Word(run.Kind)} on {run.Node} did not end within {Amounts.Span(hook.Timeout)} and was stopped";
        Settle(draft, run, record, HookState.Failed, new Reason(ReasonCode.HookTimedOut, text));
    }

    private static Reason ReasonOf(ServiceDraft draft, HookRun run, AllocationObservation end)
    {
        var word = HookSlot.Word(run.Kind);
        if (end is { State: AllocationState.Rejected, Reason: { } refused })
        {
            var told = ImageRefusal.NamesItsNode(refused.Code)
                ? ImageRefusal.Told(refused, draft.Target.Spec.Container.Image, run.Node).Text : $"{refused.Text} (on {run.Node})";
            return refused with { Text = $"{word} could not start: {told}" };
        }

        var what = end switch
        {
            { OutOfMemory: true } => "ran out of memory",
            { Reason.Code: ReasonCode.RemovedByHand } => "did not end: its container was removed by hand",
            { ExitCode: { } code } => $"exited with {code}",
            _ => end.Reason?.Text ?? "was stopped",
        };
        return new Reason(ReasonCode.HookFailed, $"{word} on {run.Node} {what}");
    }

    private static Reason Unknown(HookRun run, string why) => new(ReasonCode.HookFailed,
        $"whether {HookSlot.Word(run.Kind)} on {run.Node} has finished is not known: {why}, and it is not run twice");
}
