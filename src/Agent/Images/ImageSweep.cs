// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Agent.Docker;
using ClusterManager.Agent.Telemetry;

namespace ClusterManager.Agent.Images;

/// <summary>Which images may go, and which goes next. Pure.</summary>
internal static class ImageSweep
{
    /// <summary>What nothing on the node needs and the settings allow to go; what was of use longest ago first.</summary>
    public static ImmutableArray<SweepCandidate> Candidates(NodeImages node, ImageSettings settings, DateTimeOffset now)
    {
        if (settings.Removal == ImageRemoval.Off) return [];
        return
        [
            .. node.Images.Where(image => !IsNeeded(node, image) && (settings.Removal == ImageRemoval.All || IsOurs(node, image)))
                .Select(image => new SweepCandidate(image.Id, NamesOf(image), UsedAt(node, image, now)))
                .Where(one => now - one.UsedAt >= settings.Rest)
                .OrderBy(one => one.UsedAt).ThenBy(one => one.Id, StringComparer.Ordinal),
        ];
    }

    /// <summary>The image that goes now; null: none has to.</summary>
    /// <param name="left">What may go, in order.</param>
    /// <param name="disk">As it is now; null: not known, and only age counts.</param>
    /// <param name="isPressed">The sweep began above the high mark: it goes on to the low one.</param>
    /// <param name="settings">The marks.</param>
    /// <param name="now">The clock.</param>
    public static SweepCandidate? Next(
        ImmutableArray<SweepCandidate> left, DiskSpace? disk, bool isPressed, ImageSettings settings, DateTimeOffset now)
    {
        if (left.IsEmpty) return null;
        var oldest = left[0];
        if (isPressed && disk is not null && ImageSettings.IsAbove(disk, settings.LowPercent)) return oldest;
        return settings.UnusedFor is { } most && now - oldest.UsedAt >= most ? oldest : null;
    }

    /// <summary>The names under which the ledger knows an image.</summary>
    public static IEnumerable<string> KeysOf(ImageSummary image) => image.RepoDigests.Append(image.Id);

    private static bool IsNeeded(NodeImages node, ImageSummary image) =>
        node.UsedIds.Contains(image.Id)
        || KeysOf(image).Concat(image.Tags).Any(name => node.Assigned.Contains(name) || node.Moving.Contains(name));

    // A tag, or a name that the agent has not pulled, is somebody's hand.
    private static bool IsOurs(NodeImages node, ImageSummary image) =>
        image.Tags.Count == 0 && image.RepoDigests.Count > 0
        && image.RepoDigests.All(name => node.Ledger.TryGetValue(name, out var entry) && entry.IsOurs);

    private static ImmutableArray<string> NamesOf(ImageSummary image)
    {
        ImmutableArray<string> names = [.. image.Tags.Concat(image.RepoDigests).Order(StringComparer.Ordinal)];
        return names.IsEmpty ? [image.Id] : names;
    }

    // Of what is not known yet, nobody can say how long it has been of no use.
    private static DateTimeOffset UsedAt(NodeImages node, ImageSummary image, DateTimeOffset now) =>
        KeysOf(image).Select(name => node.Ledger.GetValueOrDefault(name)?.UsedAt).Max() ?? now;
}
