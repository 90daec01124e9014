// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Planning.Mutations;
using ClusterManager.Manager.Planning.Reconciliation;
using ClusterManager.Manager.Planning.Rollouts;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Releases;

/// <summary>
/// The way back of one service when its release failed: its own rollout turns round where that leads to the right place, else a rollout to
/// the revision of before begins; what the release made is removed.
/// </summary>
internal static class ReleaseReturn
{
    /// <summary>Sends a member back; the result says how it stands now.</summary>
    public static ReleaseMember Begin(Turn turn, ReleaseEntry entry, ReleaseMember member)
    {
        if (turn.State.Find(new ServiceName(entry.Stack, member.Name)) is not { } service || IsTaken(service, member))
            return member with { State = ReleaseMemberState.Taken };
        if (member.IsMade)
        {
            var outcome = ServiceMutations.RemoveOne(turn, service, entry.Actor);
            return member with { State = ReleaseMemberState.Returning, Rollout = outcome.Rollout };
        }

        if (IsBack(service, member)) return member with { State = ReleaseMemberState.Returned };
        if (service.Rollout is { State: RolloutState.Running, IsGoingBack: true })
            return member with { State = ReleaseMemberState.Returning };
        if (!CanReturn(turn.State, member)) return member with { State = ReleaseMemberState.Stuck };
        return Turned(turn, entry, service, member) ?? Anew(turn, entry, service, member);
    }

    /// <summary>Somebody else has changed or removed the service since the release did.</summary>
    public static bool IsTaken(ServiceRecord service, ReleaseMember member) =>
        service.Id != member.Service || service.IsRemoving || service.Rollout.Number != member.Rollout;

    /// <summary>It runs what it ran before the release.</summary>
    public static bool IsBack(ServiceRecord service, ReleaseMember member) =>
        service.Revision == member.FromRevision && service.Rollout.WantedRevision == member.FromRevision
        && service.Rollout.State is RolloutState.Succeeded or RolloutState.RolledBack or RolloutState.Aborted;

    /// <summary>The revision of before is kept, it has served, and what its image means is known; or no replica of it was wanted.</summary>
    public static bool CanReturn(ClusterState state, ReleaseMember member)
    {
        if (!state.Services.TryGetValue(member.Service, out var service)) return false;
        if (state.Revisions[service.Id].GetValueOrDefault(member.FromRevision) is not { } revision) return false;
        var isNone = member.FromReplicas == 0 && !revision.Spec.IsGlobal();
        return isNone || (revision.Image is not null && service.HasServed(member.FromRevision));
    }

    private static Reason ReasonOf(ReleaseEntry entry) =>
        AllocationEndings.Short(new Reason(ReasonCode.ReleaseReturned,
            $"release {entry.Number} goes back: {entry.Failed} failed: {entry.Reason?.Text}"))!;

    /// <summary>The rollout under way turns round; null: it would lead elsewhere, or has ended.</summary>
    private static ReleaseMember? Turned(Turn turn, ReleaseEntry entry, ServiceRecord service, ReleaseMember member)
    {
        if (service.Rollout.State != RolloutState.Running || service.Rollout.FromRevision != member.FromRevision
            || !RolloutReturn.IsPossible(service, turn.State.Revisions[service.Id])) return null;
        var turned = RolloutReturn.Begun(service with { Rollout = service.Rollout with { Reason = ReasonOf(entry) } });
        RolloutMutations.Written(turn, turned, ServiceChangeKind.Updated);
        return member with { State = ReleaseMemberState.Returning };
    }

    private static ReleaseMember Anew(Turn turn, ReleaseEntry entry, ServiceRecord service, ReleaseMember member)
    {
        var revision = turn.State.Revisions[service.Id][member.FromRevision];
        var begun = RolloutMutations.Back(turn, service, revision, deadline: null, entry.Actor);
        var isGlobal = revision.Spec.IsGlobal();
        begun = begun with { Replicas = isGlobal ? begun.Replicas : member.FromReplicas };
        RolloutMutations.Written(turn, begun, ServiceChangeKind.Updated);
        return member with { State = ReleaseMemberState.Returning, Rollout = begun.Rollout.Number };
    }
}
