// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Telemetry;

namespace ClusterManager.Agent.Images;

/// <summary>When images are removed from the node, and when its disk counts as full.</summary>
internal sealed record ImageSettings
{
    /// <summary>Which ones. Default: those that the agent has pulled.</summary>
    public ImageRemoval Removal { get; init; } = ImageRemoval.Ours;

    /// <summary>Above this share of the engine's disk images are removed at once. Default 85 %.</summary>
    public int HighPercent { get; init; } = 85;

    /// <summary>Until it is below this one. Default 75 %.</summary>
    public int LowPercent { get; init; } = 75;

    /// <summary>From this share on the node takes no new replicas. Default 95 %.</summary>
    public int FullPercent { get; init; } = 95;

    /// <summary>Nor with less than this. Default 1 GiB.</summary>
    public long FullFreeBytes { get; init; } = 1L << 30;

    /// <summary>Of each service that may run here, so many of its newest images that have served stay. Default 3.</summary>
    public int KeptRevisions { get; init; } = 3;

    /// <summary>
    /// What nothing has used for so long goes without any need for room; null: only need removes. Default a day. It can be brought again
    /// by a pull, and a disk that fills over weeks fills in the worst moment.
    /// </summary>
    public TimeSpan? UnusedFor { get; init; } = TimeSpan.FromHours(24);

    /// <summary>
    /// What was of use so lately is left alone: between the look whether an image is there and the container made of it lies a call.
    /// Default 2 minutes.
    /// </summary>
    public TimeSpan Rest { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Time between two looks. Default a minute; the end of each pull is one more.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The disk is fuller than this share.</summary>
    public static bool IsAbove(DiskSpace disk, int percent) =>
        disk.SizeBytes > 0 && (disk.SizeBytes - disk.FreeBytes) * 100.0 > (double)disk.SizeBytes * percent;
}
