// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Model;

/// <summary>The part of <see cref="SpecValidator"/> that concerns what is followed in a registry.</summary>
internal static class TrackValidator
{
    public static void Check(ErrorList errors, TrackPolicy track)
    {
        errors.Defined("track.kind", track.Kind);
        errors.Defined("track.via", track.Via);
        errors.Range("track.interval", track.Interval, TrackPolicy.IntervalMin, TrackPolicy.IntervalMax);
        if (track.Kind == TrackKind.Semver)
        {
            if (VersionRange.Parse(track.Range) is null) errors.Add("track.range", track.Range, VersionRange.Allowed);
        }
        else if (track.Range.Length > 0) errors.Add("track.range", track.Range, "nothing: only semver has a range");
    }
}
