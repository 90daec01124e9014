// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Planning.Scheduling.Filters;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning;

/// <summary>
/// Which images a node must keep: what its allocations are made of, what rollouts go to and could go back to, the newest that have served
/// of every service that is or may be placed there, and what is pinned.
/// </summary>
internal static class KeptImages
{
    /// <summary>Most images in one question.</summary>
    public const int AskedMax = 512;

    /// <summary>Most images of a service that may be asked for: no more revisions are stored.</summary>
    public const int RevisionsMax = EngineLimits.RevisionsKept;

    /// <summary>Those of the images that must stay, in their order.</summary>
    /// <param name="state">Any snapshot.</param>
    /// <param name="node">The node that asks.</param>
    /// <param name="images">As it knows them: <c>repository@digest</c>, or an image id.</param>
    /// <param name="revisions">How many of each service's newest images that have served.</param>
    public static ImmutableArray<string> Among(ClusterState state, NodeRecord node, IEnumerable<string> images, int revisions)
    {
        var kept = state.Pins.Values.Select(pin => pin.Digest).ToHashSet(StringComparer.Ordinal);
        var here = state.LiveByNode.GetValueOrDefault(node.Id, []);
        foreach (var group in here.Select(state.Find).OfType<AllocationRecord>().GroupBy(record => record.Id.Service))
            foreach (var number in group.Select(record => record.Revision).Distinct())
                Add(kept, state.Revisions.GetValueOrDefault(group.Key)?.GetValueOrDefault(number));
        foreach (var service in state.Services.Values)
            if (state.Revisions.TryGetValue(service.Id, out var all)) AddService(kept, service, all, node, revisions);
        return [.. images.Where(image => kept.Contains(DigestOf(image)))];
    }

    private static void AddService(
        HashSet<string> kept, ServiceRecord service, ImmutableSortedDictionary<int, RevisionRecord> all, NodeRecord node, int most)
    {
        // A service that is on its way away goes back to nothing.
        if (service.IsRemoving) return;
        foreach (var number in new[] { service.Revision, service.Rollout.FromRevision, service.Rollout.ToRevision })
            if (all.GetValueOrDefault(number) is { } inUse && MayHold(node, inUse)) Add(kept, inUse);
        var served = new HashSet<string>(StringComparer.Ordinal);
        foreach (var revision in all.Values.Reverse().Where(revision => MayHold(node, revision)))
        {
            // One without a verdict is older than verdicts, or just being tried.
            if (service.Verdicts.TryGetValue(revision.Number, out var verdict) && !verdict.HasServed) continue;
            if (revision.Image is not { } image || (served.Count >= most && !served.Contains(KeyOf(image)))) continue;
            served.Add(KeyOf(image));
            kept.Add(KeyOf(image));
        }
    }

    private static bool MayHold(NodeRecord node, RevisionRecord revision) =>
        revision.Spec.Constraints.All(constraint => ConstraintFilter.Holds(constraint, node));

    private static void Add(HashSet<string> kept, RevisionRecord? revision)
    {
        if (revision?.Image is { } image) kept.Add(KeyOf(image));
    }

    private static string KeyOf(ResolvedImage image) => image.IsLocal ? image.ImageId : image.Digest;

    private static string DigestOf(string image) => image[(image.IndexOf('@', StringComparison.Ordinal) + 1)..];
}
