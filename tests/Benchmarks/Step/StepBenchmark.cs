// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using ClusterManager.Benchmarks.Common;
using ClusterManager.Manager.Engine;

namespace ClusterManager.Benchmarks.Step;

/// <summary>
/// What the same change costs in clusters of different sizes: time and allocated bytes, as the median of many turns.
/// </summary>
internal static class StepBenchmark
{
    private static readonly int[] Sizes = [100, 1000, 5000];

    public static Task<Report> RunAsync(BenchOptions options)
    {
        var report = new Report("One turn of the engine",
            "`ClusterEngine.Step` on a cluster at rest with 30 allocations on each node, as many services as nodes, 30 replicas each. "
            + "The ratios are to 100 nodes; the goal is 1.5. Each turn starts from the same state; sizes and changes are interleaved.")
            .Columns("change", "nodes", "median", "p95", "bytes", "time ratio", "byte ratio");
        var worlds = Sizes.Select(size => new StepWorld(size)).ToList();
        var changes = new (string Name, Func<StepWorld, IReadOnlyList<ClusterEvent>> Events)[]
        {
            ("status report", world => world.StatusReport), ("scale +1", world => world.ScaleUp),
            ("new revision", world => world.NewRevision), ("node lost", world => world.NodeLost),
        };
        foreach (var change in changes) Measure(report, change.Name, change.Events, worlds, options.Count(201));
        return Task.FromResult(report);
    }

    private static void Measure(
        Report report, string name, Func<StepWorld, IReadOnlyList<ClusterEvent>> make, List<StepWorld> worlds, int rounds)
    {
        var events = worlds.Select(make).ToList();
        var times = worlds.Select(_ => new Sample()).ToList();
        var bytes = worlds.Select(_ => new Sample()).ToList();
        for (var round = -20; round < rounds; round++)
            for (var i = 0; i < worlds.Count; i++)
            {
                var allocated = GC.GetAllocatedBytesForCurrentThread();
                var started = TimeProvider.System.GetTimestamp();
                var result = worlds[i].Try(events[i]);
                var took = TimeProvider.System.GetElapsedTime(started);
                allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
                GC.KeepAlive(result);
                if (round < 0) continue; // warming up
                times[i].Add(took.TotalMicroseconds);
                bytes[i].Add(allocated);
            }

        for (var i = 0; i < worlds.Count; i++)
        {
            var (time, size) = (times[i].Median / times[0].Median, bytes[i].Median / bytes[0].Median);
            report.Row(name, Sizes[i].ToString("N0", CultureInfo.InvariantCulture), $"{Report.Cell(times[i].Median, "0")} µs",
                $"{Report.Cell(times[i].Percentile(95), "0")} µs", Report.Cell(bytes[i].Median, "N0"), Report.Cell(time, "0.00"),
                Report.Cell(size, "0.00"));
        }
    }
}
