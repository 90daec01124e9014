// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Cli.Compose.Sections;

/// <summary>The words of what is followed in a registry, the same in files and in flags.</summary>
internal static class TrackText
{
    /// <summary>What is allowed, for messages.</summary>
    public const string FollowAllowed = "none, tag, or semver with " + VersionRange.Allowed;
    public const string ViaAllowed = "poll or webhook";

    private const string Semver = "semver ";

    /// <summary>Null: not understood.</summary>
    public static TrackPolicy? Follow(TrackPolicy policy, string text)
    {
        if (text is "none") return TrackPolicy.None;
        if (text is "tag") return policy with { Kind = TrackKind.Tag, Range = "" };
        if (!text.StartsWith(Semver, StringComparison.Ordinal)) return null;
        var range = text[Semver.Length..].Trim();
        return VersionRange.Parse(range) is null ? null : policy with { Kind = TrackKind.Semver, Range = range };
    }

    /// <summary>Null: not understood.</summary>
    public static TrackPolicy? Via(TrackPolicy policy, string text) => text switch
    {
        "poll" => policy with { Via = TrackVia.Poll },
        "webhook" => policy with { Via = TrackVia.Webhook },
        _ => null,
    };
}
