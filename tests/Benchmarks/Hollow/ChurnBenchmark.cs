// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Benchmarks.Common;
using ClusterManager.Hollow.Cluster;
using ClusterManager.Hollow.Runs;

namespace ClusterManager.Benchmarks.Hollow;

/// <summary>From the call to the running container at many agents while changes go on all the time.</summary>
internal static class ChurnBenchmark
{
    public static async Task<Report> RunAsync(BenchOptions options)
    {
        var (agents, changes, minutes) = (options.Number("agents", 300), options.Number("changes", 10), options.Number("minutes", 2));
        await using var cluster = await HollowCluster.StartAsync(agents, TimeSpan.Zero, TimeProvider.System, CancellationToken.None);
        var result = await new ChurnRun(cluster, TimeProvider.System).RunAsync(
            changes, TimeSpan.FromMinutes(minutes), CancellationToken.None);
        var report = new Report(
            "Hollow agents: from a call to a running container",
            $"{agents} hollow agents (docs/hollow.md), 100 services, {changes} changes a second; every second one scales a service up and "
            + "is timed to the start of its container. The engines take no time of their own.")
            .Columns("from", "to", "n", "p50 ms", "p90 ms", "p99 ms", "worst ms");
        Row(report, "call sent", "accepted", result.ToAccepted);
        Row(report, "accepted", "container running", result.FromAccepted);
        Row(report, "call sent", "container running", result.FromSent);
        if (result.Missing > 0) report.Fail($"{result.Missing} containers had not started after 5 s.");
        return report;
    }

    private static void Row(Report report, string from, string to, IReadOnlyList<double> values)
    {
        var sample = new Sample();
        foreach (var value in values) sample.Add(value);
        string At(double percent) => Report.Cell(sample.Percentile(percent), "0");
        report.Row(from, to, Report.Cell(sample.Count, "0"), At(50), At(90), At(99), At(100));
    }
}
