// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Releases;

/// <summary>
/// Decides how releases go on, after the turn has planned their services: what was waited for is there, all has succeeded, one has failed.
/// A release always ends: each rollout has its own deadline, and what waits without any has the release's.
/// </summary>
internal static class ReleaseJudge
{
    public static void Plan(Turn turn)
    {
        if (!turn.Memory.IsSettled) return;
        foreach (var entry in ReleaseBook.Active(turn.State).Where(entry => !entry.IsDue))
        {
            var next = entry.State == ReleaseState.RollingBack ? ReturnJudge.Next(turn, entry) : Next(turn, entry);
            if (ReferenceEquals(next, entry)) continue;
            // What follows is carried out at once, and what has no room is found again.
            turn.HasLeftovers = true;
            if (turn.State.Releases[entry.Stack].Services.IsEmpty && !next.IsActive) ReleaseBook.TryForget(turn, entry.Stack);
            else ReleaseBook.TryPut(turn, next with { MovedAt = turn.Now });
        }
    }

    private static ReleaseEntry Next(Turn turn, ReleaseEntry entry)
    {
        var seen = Members(turn.State, entry);
        if (seen.Failed.Length == 0 && FailureOf(turn.State, seen) is { } failure)
            seen = seen with { Failed = failure.Name, Reason = failure.Reason };
        if (seen.Failed.Length > 0) return Failed(turn, seen);
        var release = turn.State.Releases[entry.Stack];
        var due = ReleaseBeginning.WithDue(turn.State, seen, release);
        if (!ReferenceEquals(due, seen)) return due;
        if (IsAnyRunning(turn.State, seen)) return seen;
        if (seen.Members.Values.Any(member => member.State == ReleaseMemberState.Waiting))
            return DependencyPatience.Overdue(turn, seen, release) is { } overdue
                ? Failed(turn, seen with { Failed = overdue.Name, Reason = overdue.Reason }) : seen;
        var leaving = seen.Members.Values.Where(member => member.State == ReleaseMemberState.Left).ToList();
        return leaving.Count == 0 ? Ended(turn, seen, ReleaseState.Succeeded)
            : leaving.Aggregate(seen, (all, member) => all.With(member with { State = ReleaseMemberState.Due }));
    }

    /// <summary>Marks what somebody else has changed since.</summary>
    private static ReleaseEntry Members(ClusterState state, ReleaseEntry entry)
    {
        var seen = entry;
        foreach (var member in entry.Members.Values.Where(member => member.State == ReleaseMemberState.Applied))
            if (state.Find(new ServiceName(entry.Stack, member.Name)) is not { } service || ReleaseReturn.IsTaken(service, member))
                seen = seen.With(member with { State = ReleaseMemberState.Taken });
        return seen;
    }

    /// <summary>The first service, by name, whose rollout can not succeed any more, or that others wait for in vain.</summary>
    private static (string Name, Reason Reason)? FailureOf(ClusterState state, ReleaseEntry entry)
    {
        foreach (var member in entry.Members.Values.Where(member => member.State == ReleaseMemberState.Applied))
        {
            var rollout = state.Services[member.Service].Rollout;
            if (!rollout.IsGoingBack && rollout.State is RolloutState.Running or RolloutState.Succeeded) continue;
            return (member.Name, rollout.Reason ?? new Reason(ReasonCode.Halted, "its rollout was ended"));
        }

        return DependencyPatience.InVain(state, entry);
    }

    /// <summary>Nothing more begins. What was changed goes back; or stays, once all rollouts have their verdicts.</summary>
    private static ReleaseEntry Failed(Turn turn, ReleaseEntry entry)
    {
        if (!entry.Keeps && HasWayBack(turn.State, entry))
            return ReturnJudge.Begun(entry with { State = ReleaseState.RollingBack });
        return IsAnyRunning(turn.State, entry) ? entry : Ended(turn, entry, ReleaseState.Failed);
    }

    /// <summary>Some service stood before the release, and can stand as before: a first release has nothing to go back to.</summary>
    private static bool HasWayBack(ClusterState state, ReleaseEntry entry) => entry.Members.Values.Any(member => !member.IsMade
        && (member.State == ReleaseMemberState.Unchanged
            || (member.State == ReleaseMemberState.Applied && ReleaseReturn.CanReturn(state, member))
            || (member.State is ReleaseMemberState.Waiting or ReleaseMemberState.Left
                && state.Find(new ServiceName(entry.Stack, member.Name)) is { IsRemoving: false })));

    private static bool IsAnyRunning(ClusterState state, ReleaseEntry entry) => entry.Members.Values.Any(member =>
        member.State == ReleaseMemberState.Applied && state.Services[member.Service].Rollout.State == RolloutState.Running);

    /// <summary>The verdict. The digests are written down with it: they are known where anything ran.</summary>
    public static ReleaseEntry Ended(Turn turn, ReleaseEntry entry, ReleaseState state)
    {
        var ended = entry with { State = state, EndedAt = turn.Now };
        foreach (var member in entry.Members.Values)
            if (turn.State.Revisions.GetValueOrDefault(member.Service)?.GetValueOrDefault(member.Revision)?.Image is { } image)
                ended = ended.With(member with { Digest = image.Digest.Length > 0 ? image.Digest : image.ImageId });
        return ended;
    }
}
