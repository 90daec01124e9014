// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Tracking;

/// <summary>Which questions the services that follow their images give rise to, and how often each is to be asked. Pure.</summary>
internal static class TrackingQuestions
{
    /// <summary>
    /// The questions with the shortest time that one of their services wants between two looks: many services with one tag are one
    /// question.
    /// </summary>
    public static ImmutableSortedDictionary<TrackingQuestion, TimeSpan> Of(ClusterState state)
    {
        var questions = ImmutableSortedDictionary.CreateBuilder<TrackingQuestion, TimeSpan>();
        foreach (var service in state.Services.Values)
        {
            if (service.IsRemoving || Of(state.Revisions[service.Id][service.Revision].Spec) is not { } question) continue;
            var period = state.Revisions[service.Id][service.Revision].Spec.Track.Period;
            if (!questions.TryGetValue(question, out var shortest) || period < shortest) questions[question] = period;
        }

        return questions.ToImmutable();
    }

    /// <summary>What one spec asks; null: it follows nothing, or it is pinned to a digest.</summary>
    public static TrackingQuestion? Of(ServiceSpec spec)
    {
        var image = spec.Container.Image;
        if (ImageReference.DigestOf(image).Length > 0) return null;
        return spec.Track.Kind switch
        {
            TrackKind.Tag => new TrackingQuestion(ImageReference.WithTag(image), IsList: false),
            TrackKind.Semver => new TrackingQuestion(ImageReference.NameOf(image), IsList: true),
            _ => null,
        };
    }
}
