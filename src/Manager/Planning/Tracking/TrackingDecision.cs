// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Planning.Recovery;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Tracking;

/// <summary>What a registry's answers mean for the services that follow their images. Pure.</summary>
internal static class TrackingDecision
{
    /// <summary>Who asks for what following an image brings.</summary>
    public const string Actor = "tracking";

    /// <summary>The image whose digest is to be asked for next, for each service that a list of tags moves.</summary>
    public static ImmutableSortedDictionary<ServiceId, string> Choose(
        ClusterState state, TrackingQuestion question, IReadOnlyCollection<string> tags)
    {
        var chosen = ImmutableSortedDictionary.CreateBuilder<ServiceId, string>();
        foreach (var (service, spec) in Asking(state, question))
            if (MayMove(state, service) && TrackingChoice.Of(spec, tags) is { } image) chosen[service.Id] = image;
        return chosen.ToImmutable();
    }

    /// <summary>The services that are to move to the digest which their tag means now.</summary>
    public static ImmutableArray<TrackedImage> Follow(ClusterState state, TrackingQuestion question, string digest) =>
    [
        .. Asking(state, question).Select(pair => Of(state, pair.Service, pair.Spec.Container.Image, digest)).OfType<TrackedImage>(),
    ];

    /// <summary>The move of one service to an image, if it is to be made now; null: it is not.</summary>
    /// <param name="state">The state.</param>
    /// <param name="service">The service.</param>
    /// <param name="image">The image with the tag that was chosen.</param>
    /// <param name="digest">What the tag means.</param>
    public static TrackedImage? Of(ClusterState state, ServiceRecord service, string image, string digest)
    {
        if (!MayMove(state, service) || digest.Length == 0) return null;
        var running = state.Revisions[service.Id][service.Revision];
        var isKnown = digest == running.Image!.Digest || digest == service.Tracking.Seen || service.Tracking.IsBad(digest);
        return isKnown ? null : new TrackedImage(service.Name, service.Revision, running.Spec.Container.Image, image, digest);
    }

    /// <summary>
    /// A rollout that runs or is paused is waited for; so is a service that is going, one whose image is not known, and one whose nodes
    /// have yet to believe this life of the state. What no registry holds has nothing to follow.
    /// </summary>
    public static bool MayMove(ClusterState state, ServiceRecord service)
    {
        var revision = state.Revisions[service.Id][service.Revision];
        return !service.IsRemoving && service.Rollout.State != RolloutState.Running && revision.Image is { IsLocal: false }
            && UnconfirmedNodes.Refusal(state, service.Id) is null;
    }

    private static IEnumerable<(ServiceRecord Service, ServiceSpec Spec)> Asking(ClusterState state, TrackingQuestion question)
    {
        foreach (var service in state.Services.Values)
        {
            var spec = state.Revisions[service.Id][service.Revision].Spec;
            if (TrackingQuestions.Of(spec) == question) yield return (service, spec);
        }
    }
}
