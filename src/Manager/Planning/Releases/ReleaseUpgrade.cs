// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Releases;

/// <summary>
/// A release that an older version had begun to apply goes on as one that keeps what it changes: what was before it is not known. One whose
/// services were all applied then has no entry; its verdict was never given.
/// </summary>
internal static class ReleaseUpgrade
{
    public static void Apply(Turn turn)
    {
        foreach (var release in turn.State.Releases.Values.Where(IsBegun).ToList())
        {
            var entry = EntryOf(turn, release);
            var rest = release with { Pending = release.Pending.Clear() };
            var bytes = SizeEstimate.Of(rest) + SizeEstimate.Of(entry);
            if (!turn.Budget.HasRoom(2, bytes)) return;
            turn.State = turn.State with { Releases = turn.State.Releases.SetItem(release.Stack, rest) };
            turn.Budget.Put(new StateChange.PutRelease(rest), SizeEstimate.Of(rest));
            ReleaseBook.Put(turn, entry);
        }

        bool IsBegun(ReleaseRecord release) => !release.Pending.IsEmpty
            || (release.Services.IsEmpty && ReleaseBook.Newest(turn.State, release.Stack) is null);
    }

    private static ReleaseEntry EntryOf(Turn turn, ReleaseRecord release)
    {
        var entry = new ReleaseEntry
        {
            Stack = release.Stack, Number = release.Number, State = ReleaseState.Applying, Actor = release.Actor,
            CreatedAt = release.CreatedAt, MovedAt = turn.Now, Keeps = true,
        };
        foreach (var name in release.Services.Select(spec => spec.Name.Name).Union(release.Pending))
        {
            var service = turn.State.Find(new ServiceName(release.Stack, name));
            var isPending = release.Pending.Contains(name);
            entry = entry.With(new ReleaseMember
            {
                Name = name, State = isPending ? ReleaseMemberState.Due : ReleaseMemberState.Unchanged,
                Service = service?.Id ?? default, Revision = isPending ? 0 : service?.Revision ?? 0,
                Rollout = service?.Rollout.Number ?? 0,
            });
        }

        return entry;
    }
}
