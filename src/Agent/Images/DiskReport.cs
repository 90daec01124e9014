// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Telemetry;

namespace ClusterManager.Agent.Images;

/// <summary>The engine's disk as the managers are told.</summary>
/// <param name="Space">Its room.</param>
/// <param name="IsPressed">The node takes no new replicas.</param>
/// <param name="Swept">The last removal of images; null: none since the agent began.</param>
internal sealed record DiskReport(DiskSpace Space, bool IsPressed, SweepResult? Swept)
{
    // A mark that is crossed and crossed again by every log line would be news each time.
    private const int EasePercent = 2;

    /// <summary>Whether the disk is too full for new replicas. What has been so must become a little freer than the mark.</summary>
    public static bool Judge(DiskSpace space, bool isPressed, ImageSettings settings)
    {
        var percent = isPressed ? Math.Max(0, settings.FullPercent - EasePercent) : settings.FullPercent;
        var free = isPressed ? settings.FullFreeBytes + (settings.FullFreeBytes / 4) : settings.FullFreeBytes;
        return ImageSettings.IsAbove(space, percent) || space.FreeBytes < free;
    }

    /// <summary>The managers know nothing else from the other one: the same to a percent.</summary>
    public bool IsAlike(DiskReport? other) => other is not null && IsPressed == other.IsPressed && Swept == other.Swept
        && Space.SizeBytes == other.Space.SizeBytes && PercentOf(Space) == PercentOf(other.Space);

    private static long PercentOf(DiskSpace space) => space.SizeBytes <= 0 ? 0 : (long)(space.FreeBytes * 100.0 / space.SizeBytes);
}

/// <summary>What one removal of images brought.</summary>
/// <param name="At">When it ended, by the node's clock.</param>
/// <param name="Images">How many.</param>
/// <param name="Bytes">By how much the disk became freer; others write to it too.</param>
internal sealed record SweepResult(DateTimeOffset At, int Images, long Bytes);
