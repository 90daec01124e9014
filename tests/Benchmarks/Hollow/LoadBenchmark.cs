// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Benchmarks.Common;
using ClusterManager.Hollow.Cluster;
using ClusterManager.Hollow.Runs;

namespace ClusterManager.Benchmarks.Hollow;

/// <summary>What a manager costs that serves 300 and 1,000 agents at rest.</summary>
internal static class LoadBenchmark
{
    private static readonly int[] Sizes = [300, 1000];

    public static async Task<Report> RunAsync(BenchOptions options)
    {
        var duration = TimeSpan.FromMinutes(options.Number("minutes", 1));
        var report = new Report(
            "Hollow agents: what a manager costs",
            "Agents at rest (docs/hollow.md): heartbeats both ways every 500 ms. Bytes as TCP carries them, with TLS and HTTP/2 framing.")
            .Columns("agents", "processors", "managed MB", "resident MB", "handles", "threads", "in kB/s", "out kB/s");
        foreach (var agents in Sizes)
        {
            await using var cluster = await HollowCluster.StartAsync(agents, TimeSpan.Zero, TimeProvider.System, CancellationToken.None);
            var result = await new LoadRun(cluster, TimeProvider.System).RunAsync(duration, CancellationToken.None);
            var held = result.Held;
            if (held.Sessions != agents) report.Fail($"Only {held.Sessions} of {agents} agents had a session at the end.");
            report.Row(
                Report.Cell(agents, "0"), Report.Cell(result.CpuCores, "0.00"), Report.Cell(held.ManagedBytes / 1e6, "0.0"),
                Report.Cell(held.ResidentBytes / 1e6, "0"), Report.Cell(held.Handles, "0"), Report.Cell(held.Threads, "0"),
                Report.Cell(result.ReceivedBytesPerSecond / 1000, "0"), Report.Cell(result.SentBytesPerSecond / 1000, "0"));
        }

        return report;
    }
}
