// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Planning.Reconciliation;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Releases;

/// <summary>Follows a release on its way back until every service that it changed is as before, or can not be.</summary>
internal static class ReturnJudge
{
    /// <summary>What was changed is to go back; what the release made goes when the others are back, so that its evidence lasts.</summary>
    public static ReleaseEntry Begun(ReleaseEntry entry)
    {
        var begun = entry;
        var isOneBack = false;
        foreach (var member in entry.Members.Values.Where(member => member is { State: ReleaseMemberState.Applied, IsMade: false }))
        {
            begun = begun.With(member with { State = ReleaseMemberState.ReturnDue });
            isOneBack = true;
        }

        return isOneBack ? begun : MadeDue(begun);
    }

    public static ReleaseEntry Next(Turn turn, ReleaseEntry entry)
    {
        var seen = entry;
        foreach (var member in entry.Members.Values.Where(member => member.State == ReleaseMemberState.Returning))
            seen = Seen(turn.State, seen, member);
        if (seen.Members.Values.Any(member => member.State is ReleaseMemberState.Returning or ReleaseMemberState.ReturnDue)) return seen;
        var made = MadeDue(seen);
        if (!ReferenceEquals(made, seen)) return made;
        var isStuck = seen.Members.Values.Any(member => member.State == ReleaseMemberState.Stuck);
        return ReleaseJudge.Ended(turn, WithReason(seen), isStuck ? ReleaseState.RollbackFailed : ReleaseState.RolledBack);
    }

    private static ReleaseEntry MadeDue(ReleaseEntry entry) =>
        entry.Members.Values.Where(member => member is { State: ReleaseMemberState.Applied, IsMade: true })
            .Aggregate(entry, (all, member) => all.With(member with { State = ReleaseMemberState.ReturnDue }));

    private static ReleaseEntry Seen(ClusterState state, ReleaseEntry entry, ReleaseMember member)
    {
        var service = state.Services.GetValueOrDefault(member.Service);
        if (member.IsMade)
            return service is null ? entry.With(member with { State = ReleaseMemberState.Returned })
                : service.IsRemoving ? entry : entry.With(member with { State = ReleaseMemberState.Taken });
        if (service is null || ReleaseReturn.IsTaken(service, member))
            return entry.With(member with { State = ReleaseMemberState.Taken });
        if (service.Rollout.State == RolloutState.Running) return entry;
        if (ReleaseReturn.IsBack(service, member)) return entry.With(member with { State = ReleaseMemberState.Returned });
        // Its own way back led to a revision that never stood in a whole release: from there on to the right one.
        // What was begun for that and came back itself is not tried again.
        var isElsewhere = service.Rollout is { IsGoingBack: true, State: RolloutState.RolledBack or RolloutState.Aborted }
            && service.Rollout.ToRevision != member.FromRevision;
        if (isElsewhere && ReleaseReturn.CanReturn(state, member))
            return entry.With(member with { State = ReleaseMemberState.ReturnDue });
        var why = service.Rollout.RollbackReason ?? service.Rollout.Reason;
        return entry.With(member with { State = ReleaseMemberState.Stuck }) with
        {
            RollbackReason = entry.RollbackReason ?? Told(member, why?.Code ?? ReasonCode.Halted, why?.Text ?? "its rollout was ended"),
        };
    }

    private static ReleaseEntry WithReason(ReleaseEntry entry)
    {
        if (entry.RollbackReason is not null) return entry;
        var stuck = entry.Members.Values.FirstOrDefault(member => member.State == ReleaseMemberState.Stuck);
        return stuck is null ? entry : entry with
        {
            RollbackReason = Told(stuck, ReasonCode.Halted, "no revision of it has served before"),
        };
    }

    private static Reason Told(ReleaseMember member, ReasonCode code, string text) =>
        AllocationEndings.Short(new Reason(code, $"{member.Name}: {text}"))!;
}
