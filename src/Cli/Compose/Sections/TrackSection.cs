// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Cli.Compose.Yaml;
using ClusterManager.Model;

namespace ClusterManager.Cli.Compose.Sections;

/// <summary>The key <c>x-cluster.track</c>: a text that says what is followed, or a map that says how too.</summary>
internal static class TrackSection
{
    private sealed class TrackDraft
    {
        public TrackPolicy Policy { get; set; } = TrackPolicy.None;
    }

    private static readonly KeyTable<TrackDraft> Keys = new()
    {
        { "follow", static (c, v, t) => t.Policy = Checked(c, v, t.Policy, TrackText.Follow, TrackText.FollowAllowed) },
        { "via", static (c, v, t) => t.Policy = Checked(c, v, t.Policy, TrackText.Via, TrackText.ViaAllowed) },
        { "interval", static (c, v, t) => t.Policy = t.Policy with
            { Interval = c.Duration(v, TrackPolicy.IntervalMin, TrackPolicy.IntervalMax) ?? t.Policy.Interval } },
    };

    /// <summary>Reads <c>track</c>.</summary>
    public static void Read(ReadContext context, Value value, ServiceDraft draft)
    {
        var track = new TrackDraft();
        if (value.Node is not YamlMap)
            track.Policy = Checked(context, value, TrackPolicy.None, TrackText.Follow, TrackText.FollowAllowed);
        else if (Keys.Read(context, value, track) && track.Policy.Kind == TrackKind.None && track.Policy != TrackPolicy.None)
            context.Error(value, $"'follow' is missing: {TrackText.FollowAllowed} is understood");
        draft.Spec = draft.Spec with { Track = track.Policy };
    }

    private static TrackPolicy Checked(
        ReadContext context, Value value, TrackPolicy policy, Func<TrackPolicy, string, TrackPolicy?> read, string allowed)
    {
        if (context.Text(value) is not { } text) return policy;
        if (read(policy, text) is { } changed) return changed;
        context.Error(value, $"'{ReadContext.Shown(text)}' is not understood: {allowed} is");
        return policy;
    }
}
