// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Planning.Reconciliation;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Tracking;

/// <summary>
/// Keeps in mind which digests have failed a service that follows its image, and which an operator has left: nobody's decision is undone a
/// minute later. Pure.
/// </summary>
internal static class TrackingNotes
{
    /// <summary>Notes what the newest rollout's verdict says of its digest. One that changed no digest says nothing of it.</summary>
    public static void Apply(ServiceDraft draft)
    {
        var (service, rollout) = (draft.Service, draft.Rollout);
        if (rollout.State is RolloutState.Running or RolloutState.Superseded) return;
        if (draft.Revisions.GetValueOrDefault(rollout.ToRevision) is not { Image.Digest: { Length: > 0 } digest } revision) return;
        var tracking = service.Tracking;
        if (rollout.State == RolloutState.Succeeded) tracking = tracking.WithoutBad(digest);
        else if (revision.Spec.Track.Kind != TrackKind.None
            && (rollout.Actor == TrackingDecision.Actor || draft.From?.Image?.Digest != digest))
            tracking = tracking.WithBad(digest, draft.Now);
        if (!ReferenceEquals(tracking, service.Tracking)) draft.Service = service with { Tracking = tracking };
    }

    /// <summary>The service after an operator has gone back by hand from one revision to another.</summary>
    public static ServiceRecord LeftByHand(ServiceRecord service, RevisionRecord? left, RevisionRecord to, DateTimeOffset now)
    {
        if (left is not { Image.Digest: { Length: > 0 } digest } || digest == to.Image?.Digest) return service;
        if (left.Spec.Track.Kind == TrackKind.None) return service;
        return service with { Tracking = service.Tracking.WithBad(digest, now) with { Asked = "" } };
    }

    /// <summary>The service after an operator's spec: another image than before is the operator's own choice.</summary>
    public static ServiceRecord ChosenByHand(ServiceRecord service, RevisionRecord before, ServiceSpec spec)
    {
        if (before.Spec.Container.Image == spec.Container.Image) return service;
        if (spec.Track.Kind == TrackKind.None && service.Tracking == TrackingRecord.Empty) return service;
        var seen = before.Image is { IsLocal: false } image ? image.Digest : service.Tracking.Seen;
        return service with { Tracking = service.Tracking with { Asked = "", Seen = seen } };
    }

    /// <summary>
    /// The spec of a file as it is to be carried out: where a higher version was brought in place of the image that the file still names,
    /// that version stays.
    /// </summary>
    public static ServiceSpec Kept(ClusterState state, ServiceSpec spec)
    {
        if (spec.Track.Kind != TrackKind.Semver || state.Find(spec.Name) is not { } service) return spec;
        if (service.Tracking.Asked != spec.Container.Image) return spec;
        var running = state.Revisions[service.Id][service.Revision].Spec;
        return running.Track != spec.Track ? spec : spec with { Container = spec.Container with { Image = running.Container.Image } };
    }
}
