// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Planning.Releases;
using ClusterManager.Manager.Planning.Tracking;
using ClusterManager.Manager.State;

namespace ClusterManager.Manager.Planning.Mutations;

/// <summary>
/// Carries out what following an image asks for, if it still holds: the state may have moved since the registry was asked.
/// </summary>
internal static class TrackingMutations
{
    public static MutationResult Follow(Turn turn, ClusterEvent.FollowImage follow)
    {
        var spec = follow.Spec.Spec;
        if (ServiceChange.Refuse(turn.State, spec) is { } refused) return refused;
        if (turn.State.Find(spec.Name) is not { } service) return Refusals.NoService(turn.State, spec.Name);
        if (ReleaseBook.Active(turn.State, spec.Name.Stack) is { } release)
            return Refusals.Conflict($"release {release.Number} of stack {release.Stack} is under way");
        var before = turn.State.Revisions[service.Id][service.Revision].Spec;
        var isStale = service.Revision != follow.ExpectedRevision || before.Track != spec.Track
            || TrackingDecision.Of(turn.State, service, spec.Container.Image, follow.Digest) is null;
        if (isStale) return Refusals.Conflict($"service {spec.Name.Display} has changed since its image was looked up");
        var image = new ResolvedImage { Digest = follow.Digest, Pinned = ImageReference.Pin(spec.Container.Image, follow.Digest) };
        var isSameTag = before.Container.Image == spec.Container.Image;
        // The same spec means other content now: it gets containers of its own, as a forced revision does.
        var outcome = ServiceChange.Of(turn.State, follow.Spec, force: isSameTag).Commit(turn, follow.Spec, follow.Origin.Actor, image);
        var asked = isSameTag || service.Tracking.Asked.Length > 0 ? service.Tracking.Asked : before.Container.Image;
        var moved = turn.State.Services[service.Id];
        turn.PutService(moved with { Tracking = service.Tracking with { Seen = follow.Digest, Asked = asked } });
        return Refusals.Accepted(outcome);
    }
}
