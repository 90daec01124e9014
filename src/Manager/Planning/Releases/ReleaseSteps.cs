// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Planning.Mutations;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Releases;

/// <summary>
/// Carries out what is due of releases, as far as the turn has room. What was done to a service and that it was done are one commit, so
/// another leader never does it twice.
/// </summary>
internal static class ReleaseSteps
{
    /// <summary>What a service's record and its request for planning take, beside its spec.</summary>
    private const int BytesPerService = 8192;

    /// <summary>
    /// While services are due no mutation is carried out: what was told at acceptance holds for those that wait for nobody.
    /// </summary>
    public static bool IsAnyDue(ClusterState state) => ReleaseBook.Active(state).Exists(entry => entry.IsDue);

    public static void Apply(Turn turn)
    {
        ReleaseUpgrade.Apply(turn);
        foreach (var entry in ReleaseBook.Active(turn.State).Where(entry => entry.IsDue))
        {
            if (TryApply(turn, entry)) continue;
            turn.HasLeftovers = true;
            return;
        }
    }

    /// <returns>False when something is left for the next turn.</returns>
    private static bool TryApply(Turn turn, ReleaseEntry entry)
    {
        var release = turn.State.Releases[entry.Stack];
        var changed = entry;
        foreach (var member in entry.Members.Values)
        {
            if (member.State is not (ReleaseMemberState.Due or ReleaseMemberState.ReturnDue)) continue;
            var spec = release.Services.FirstOrDefault(spec => spec.Name.Name == member.Name);
            // The entry is written with whatever it says has been done.
            var bytes = BytesPerService + SizeEstimate.Of(entry) + (spec is null ? 0 : SizeEstimate.Of(spec));
            if (!turn.Budget.HasRoom(4, bytes)) break;
            changed = member.State == ReleaseMemberState.ReturnDue ? changed.With(ReleaseReturn.Begin(turn, changed, member))
                : spec is null ? changed.With(Removed(turn, changed, member))
                : Applied(turn, changed, member, spec, release);
        }

        if (!ReferenceEquals(changed, entry)) ReleaseBook.Put(turn, changed with { MovedAt = turn.Now });
        return !changed.IsDue;
    }

    private static ReleaseMember Removed(Turn turn, ReleaseEntry entry, ReleaseMember member)
    {
        var service = turn.State.Find(new ServiceName(entry.Stack, member.Name));
        if (service is not null && IsForeign(service, member)) return member with { State = ReleaseMemberState.Taken };
        if (service is not null) ServiceMutations.RemoveOne(turn, service, entry.Actor);
        return member with { State = ReleaseMemberState.Removed };
    }

    private static ReleaseEntry Applied(Turn turn, ReleaseEntry entry, ReleaseMember member, ServiceSpec spec, ReleaseRecord release)
    {
        // Other changes may have been carried out since the release was accepted: what was asked for later stands.
        if (IsForeign(turn.State.Find(spec.Name), member)) return entry.With(member with { State = ReleaseMemberState.Taken });
        if (RefusalOf(turn.State, entry, member, spec) is { } text)
            return entry.With(member with { State = ReleaseMemberState.Waiting }) with
            {
                Failed = member.Name, Reason = new Reason(ReasonCode.Halted, text),
            };
        return entry.With(entry.RollbackOf > 0 ? Brought(turn, entry, member) : Committed(turn, member, spec, release));
    }

    private static bool IsForeign(ServiceRecord? service, ReleaseMember member) => (service?.Rollout.Number ?? 0) != member.Rollout;

    private static string? RefusalOf(ClusterState state, ReleaseEntry entry, ReleaseMember member, ServiceSpec spec)
    {
        if (ServiceChange.Refuse(state, spec) is { } refused) return refused.Text;
        if (entry.RollbackOf == 0) return null;
        var isKept = state.Find(spec.Name)?.Id == member.Service && state.Revisions[member.Service].ContainsKey(member.Revision);
        return isKept ? null : $"revision {member.Revision} of {spec.Name.Display} is gone";
    }

    private static ReleaseMember Committed(Turn turn, ReleaseMember member, ServiceSpec spec, ReleaseRecord release)
    {
        var hashes = release.Hashes[member.Name];
        var accepted = new AcceptedSpec(spec, hashes.Spec, hashes.Template);
        var change = ServiceChange.Of(turn.State, accepted, force: false);
        var known = WithBefore(member, change.Existing);
        var outcome = change.Commit(turn, accepted, release.Actor);
        return known with
        {
            State = change.Kind == ServiceChangeKind.Unchanged ? ReleaseMemberState.Unchanged : ReleaseMemberState.Applied,
            Service = outcome.Service, Revision = outcome.Revision,
            Rollout = change.Kind == ServiceChangeKind.Unchanged ? 0 : outcome.Rollout,
        };
    }

    private static ReleaseMember Brought(Turn turn, ReleaseEntry entry, ReleaseMember member)
    {
        var service = turn.State.Services[member.Service];
        if (StackRollback.IsThere(service, member.Revision)) return member with { State = ReleaseMemberState.Unchanged };
        var revision = turn.State.Revisions[service.Id][member.Revision];
        var begun = RolloutMutations.Back(turn, service, revision, deadline: null, entry.Actor);
        RolloutMutations.Written(turn, begun, ServiceChangeKind.Updated);
        return WithBefore(member, service) with { State = ReleaseMemberState.Applied, Rollout = begun.Rollout.Number };
    }

    /// <summary>Where the way back leads, unless a release before this one knows better.</summary>
    private static ReleaseMember WithBefore(ReleaseMember member, ServiceRecord? service)
    {
        if (member.IsMade || member.FromRevision > 0) return member;
        if (service is null) return member with { IsMade = true };
        var (revision, replicas) = ServiceChange.LastServed(service);
        return member with { FromRevision = revision, FromReplicas = replicas };
    }
}
