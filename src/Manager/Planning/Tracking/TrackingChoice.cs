// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Tracking;

/// <summary>Chooses among a repository's tags the version that a service should run. Pure.</summary>
internal static class TrackingChoice
{
    /// <summary>
    /// The image with the highest version within the range, if it is higher than the one that the spec names; null: there is none. Tags
    /// count that have as many numbers as the spec's tag: who runs 1.4.2 is not brought to the moving tag 1.5. A spec whose tag is no
    /// version is brought to the highest with three.
    /// </summary>
    public static string? Of(ServiceSpec spec, IEnumerable<string> tags)
    {
        var image = spec.Container.Image;
        if (VersionRange.Parse(spec.Track.Range) is not { } range) return null;
        var current = TagVersion.Parse(ImageReference.TagOf(image));
        var parts = current?.Parts ?? 3;
        TagVersion? best = current;
        string? tag = null;
        foreach (var candidate in tags.Order(StringComparer.Ordinal))
        {
            if (TagVersion.Parse(candidate) is not { } version || version.Parts != parts || !range.Contains(version)) continue;
            if (best is not null && version.CompareTo(best) <= 0) continue;
            (best, tag) = (version, candidate);
        }

        return tag is null ? null : $"{ImageReference.NameOf(image)}:{tag}";
    }
}
