// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Reconciliation;

/// <summary>
/// The container of the allocation that failed an update stays for a while, so that its last words can be read: its allocation is told to
/// stop and lives on, without counting for anything. It goes with the service's next rollout, its removal, or after ten minutes.
/// </summary>
internal static class KeptContainers
{
    /// <summary>The culprit of the failed rollout as it is to be stopped.</summary>
    /// <param name="draft">The service.</param>
    /// <param name="culprit">Its record. An end that only this turn has seen is taken back: what has ended is removed by its agent.</param>
    /// <param name="reason">Why the rollout failed.</param>
    public static AllocationRecord Stopped(ServiceDraft draft, AllocationRecord culprit, Reason? reason)
    {
        var isStillThere = draft.Turn.State.Find(culprit.Id) is { IsLive: true };
        var stopped = culprit with { Desired = DesiredState.Stop, Reason = culprit.Reason ?? reason };
        if (draft.Turn.State.Observations.GetValueOrDefault(culprit.Id) is { HasEnded: true }) draft.Turn.RoomMayHaveGrown = true;
        return isStillThere ? stopped with { Ended = null, EndedAt = null } : stopped with { Desired = DesiredState.Remove };
    }

    /// <summary>Lets those go whose time is over.</summary>
    public static void Apply(ServiceDraft draft)
    {
        foreach (var record in draft.Editor.All.Where(record => record is { IsLive: true, Desired: DesiredState.Stop }).ToList())
        {
            var until = HookSlot.IsHook(record.Id.Slot) ? HookKeptUntil(draft, record) : KeptUntil(draft);
            if (draft.Now < until) draft.LookAgain(until);
            else if (!draft.Editor.TryUpdate(Gone(draft, record))) return;
        }
    }

    private static DateTimeOffset KeptUntil(ServiceDraft draft) =>
        draft.Service.IsRemoving || draft.Rollout is not { Failed: not null, State: not RolloutState.Succeeded }
            || draft.Rollout is { State: RolloutState.Running, IsGoingBack: false }
            ? DateTimeOffset.MinValue : (draft.Rollout.EndedAt ?? draft.Now) + draft.Turn.Timings.KeepFailedContainer;

    /// <summary>Of the newest rollout's hooks one that succeeded stays a little, one that failed as long as a failed replica.</summary>
    private static DateTimeOffset HookKeptUntil(ServiceDraft draft, AllocationRecord record)
    {
        var run = draft.Rollout.HookOf(HookSlot.KindOf(record.Id.Slot));
        if (draft.Service.IsRemoving || run?.Id != record.Id) return DateTimeOffset.MinValue;
        return run.State == HookState.Succeeded ? (run.EndedAt ?? draft.Now) + draft.Turn.Timings.KeepFinishedHook
            : (draft.Rollout.EndedAt ?? draft.Now) + draft.Turn.Timings.KeepFailedContainer;
    }

    /// <summary>What its agent has seen end has ended; the agent removes the container when it is no longer told of it.</summary>
    private static AllocationRecord Gone(ServiceDraft draft, AllocationRecord record)
    {
        var gone = record with { Desired = DesiredState.Remove };
        return draft.Turn.State.IsKept(record)
            ? gone with { Ended = draft.Turn.State.Observations[record.Id].State, EndedAt = draft.Now } : gone;
    }
}
