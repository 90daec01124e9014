// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using ClusterManager.Benchmarks.Common;
using ClusterManager.Benchmarks.Failover;
using LabHosts = ClusterManager.Lab.Tests.Harness.Lab;

namespace ClusterManager.Benchmarks.FalseDeaths;

/// <summary>The price of being fast: how often something slow is taken for dead.</summary>
internal static class FalseDeathsBenchmark
{
    private const string Image = "registry.lab:5000/web:1";
    private const int Replicas = 9;

    public static async Task<Report> RunAsync(BenchOptions options)
    {
        var length = TimeSpan.FromMinutes(options.Number("minutes", 60));
        var lab = new LabHosts(0);
        try
        {
            await lab.UpAsync(3, "--managers", "3");
            (await lab.ClusterAsync($"run --name {FailoverScenarios.Service} --replicas {Replicas} -p 8080 {Image}")).Expect(0);
            return await MeasureAsync(lab, length, options.Number("seed", 1));
        }
        finally
        {
            await lab.KeepLogsAsync("bench-false-deaths");
            await lab.DownAsync();
        }
    }

    private static async Task<Report> MeasureAsync(LabHosts lab, TimeSpan length, int seed)
    {
        var before = NodeObserver.Lives(await lab.ContainersAsync("default/web"));
        using var client = await WriteProbe.OpenAsync(lab, "h1", FailoverScenarios.Service, Replicas);
        var observer = new NodeObserver(client);
        int pauses;
        await using (var adversity = await Adversity.BeginAsync(lab))
        {
            await Task.WhenAll(adversity.PauseAtRandomAsync(seed, length), observer.WatchAsync(length));
            pauses = adversity.Pauses;
        }

        var after = NodeObserver.Lives(await lab.ContainersAsync("default/web"));
        var moved = before.Except(after).Count();
        var report = new Report("False deaths",
            "Three hosts on one machine with all CPUs busy, disks busy with synchronous writes, 5 % of all packets lost, and agents and "
            + "managers standing still for 2 s at random. Nothing of it is a death.")
            .Columns("minutes", "pauses", "answers", "answers with an agent away", "nodes taken for dead", "replicas moved or restarted");
        report.Row(
            Text(length.TotalMinutes), Text(pauses), Text(observer.Answers), Text(observer.Away), Text(observer.Dead.Count), Text(moved));
        if (observer.Dead.Count > 0) report.Fail($"taken for dead: {string.Join(", ", observer.Dead)}");
        if (moved > 0) report.Fail($"{moved} of {before.Count} replicas were moved or restarted");
        return report;
    }

    private static string Text(double number) => number.ToString("0", CultureInfo.InvariantCulture);
}
