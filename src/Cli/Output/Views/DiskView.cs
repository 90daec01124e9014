// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Output.Views;

/// <summary>The disk with a node's images and containers.</summary>
/// <param name="FreeBytes">What programs may still write.</param>
/// <param name="SizeBytes">All of it.</param>
/// <param name="Pressed">It is too full for new replicas.</param>
/// <param name="SweptAt">When images were last removed; null: not since the agent began.</param>
/// <param name="SweptImages">How many then.</param>
/// <param name="SweptBytes">By how much the disk became freer.</param>
internal sealed record DiskView(long FreeBytes, long SizeBytes, bool Pressed, string? SweptAt, int SweptImages, long SweptBytes)
{
    /// <summary>From the wire; null: not reported.</summary>
    public static DiskView? Of(V1.DiskStatus? disk) => disk is null ? null : new DiskView(
        disk.FreeBytes, disk.SizeBytes, disk.Pressed, TimeText.Rfc3339(disk.SweptUnixMs), disk.SweptImages, disk.SweptBytes);

    /// <summary>In a column: <c>43 %</c>, <c>97 % FULL</c>.</summary>
    public string Short => $"{UsedPercent} %{(Pressed ? " FULL" : "")}";

    /// <summary>In a line.</summary>
    public string Text => $"{AmountText.Bytes(FreeBytes)} free of {AmountText.Bytes(SizeBytes)}"
        + (Pressed ? ", too full for new replicas" : "");

    private string UsedPercent => (SizeBytes <= 0 ? 0 : (SizeBytes - FreeBytes) * 100.0 / SizeBytes)
        .ToString("0", CultureInfo.InvariantCulture);
}
