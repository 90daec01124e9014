// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Images;
using ClusterManager.Agent.Telemetry;

namespace ClusterManager.Agent.Tests.Images;

/// <summary>When the disk counts as too full, and what of it is news.</summary>
public sealed class DiskReportTests
{
    private const long Gigabyte = 1L << 30;
    private static readonly ImageSettings Settings = new();

    [Theory]
    [InlineData(100, 6, false, false)]
    [InlineData(100, 4, false, true)] // above 95 %
    [InlineData(100, 6, true, true)] // must come below 93 %
    [InlineData(100, 8, true, false)]
    [InlineData(10, 1, false, false)] // 90 % full, and a gigabyte is free
    public void A_share_of_the_disk_marks_it_and_a_little_more_room_clears_it(long size, long free, bool wasPressed, bool isPressed) =>
        Assert.Equal(isPressed, DiskReport.Judge(new DiskSpace(free * Gigabyte, size * Gigabyte), wasPressed, Settings));

    [Theory]
    [InlineData(1023, false, true)]
    [InlineData(1025, false, false)]
    [InlineData(1200, true, true)] // must come above 1.25 GiB
    [InlineData(1300, true, false)]
    public void So_does_the_room_itself(long freeMebibytes, bool wasPressed, bool isPressed) =>
        Assert.Equal(isPressed, DiskReport.Judge(new DiskSpace(freeMebibytes << 20, 8 * Gigabyte), wasPressed, Settings));

    [Fact]
    public void News_is_another_percent_another_judgement_or_another_removal()
    {
        var report = new DiskReport(new DiskSpace(500, 1000), false, null);
        Assert.False(report.IsAlike(null));
        Assert.True(report.IsAlike(report with { Space = new DiskSpace(503, 1000) }));
        Assert.False(report.IsAlike(report with { Space = new DiskSpace(520, 1000) }));
        Assert.False(report.IsAlike(report with { IsPressed = true }));
        Assert.False(report.IsAlike(report with { Swept = new SweepResult(DateTimeOffset.UnixEpoch, 1, 1) }));
    }
}
