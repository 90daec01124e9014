// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Releases;

/// <summary>Begins a release: its request and its entry are stored together, and one that is under way is superseded.</summary>
internal static class ReleaseBeginning
{
    /// <param name="turn">Where.</param>
    /// <param name="release">What was asked for.</param>
    /// <param name="members">Its services as they stand; those that wait for nobody become due.</param>
    /// <param name="keeps">When one service fails, the others stay as they are.</param>
    /// <param name="rollbackOf">The release that it brings back; 0: none.</param>
    public static void Put(Turn turn, ReleaseRecord release, IEnumerable<ReleaseMember> members, bool keeps, int rollbackOf)
    {
        var before = ReleaseBook.Active(turn.State, release.Stack);
        if (before is not null)
            ReleaseBook.Put(turn, before with { State = ReleaseState.Superseded, EndedAt = turn.Now, MovedAt = turn.Now });
        var entry = new ReleaseEntry
        {
            Stack = release.Stack, Number = release.Number, State = ReleaseState.Applying, Actor = release.Actor,
            CreatedAt = turn.Now, MovedAt = turn.Now, Keeps = keeps, RollbackOf = rollbackOf,
            Members = members.Select(member => Inherited(turn.State, before, member))
                .ToImmutableSortedDictionary(member => member.Name, member => member, StringComparer.Ordinal),
        };
        ReleaseBook.Prune(turn, release.Stack);
        turn.State = turn.State with { Releases = turn.State.Releases.SetItem(release.Stack, release) };
        turn.Budget.Put(new StateChange.PutRelease(release), SizeEstimate.Of(release));
        ReleaseBook.Put(turn, WithDue(turn.State, entry, release));
    }

    /// <summary>The entry whose services are due as far as nothing keeps them waiting.</summary>
    public static ReleaseEntry WithDue(ClusterState state, ReleaseEntry entry, ReleaseRecord release)
    {
        var due = entry;
        foreach (var spec in release.Services)
            if (entry.Members.GetValueOrDefault(spec.Name.Name) is { State: ReleaseMemberState.Waiting } member
                && DependencyWatch.WaitsFor(state, entry, spec) is null)
                due = due.With(member with { State = ReleaseMemberState.Due });
        return due;
    }

    /// <summary>
    /// What a release that came to no end has changed goes back, if need be, to where that one would have gone: what it had made of the
    /// stack never stood as a whole.
    /// </summary>
    private static ReleaseMember Inherited(ClusterState state, ReleaseEntry? before, ReleaseMember member)
    {
        if (before?.Members.GetValueOrDefault(member.Name) is not { IsChanged: true } old) return member;
        if (state.Find(new ServiceName(before.Stack, member.Name)) is not { } service || service.Id != old.Service
            || service.Rollout.Number != old.Rollout) return member;
        var known = member with { IsMade = old.IsMade, FromRevision = old.FromRevision, FromReplicas = old.FromReplicas };
        // Nothing is asked of it anew, and yet it is not as before.
        return member.State != ReleaseMemberState.Unchanged ? known : known with
        {
            State = ReleaseMemberState.Applied, Service = service.Id, Revision = service.Revision, Rollout = service.Rollout.Number,
        };
    }
}
