// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using ClusterManager.Benchmarks.Common;
using ClusterManager.Benchmarks.Failover;
using ClusterManager.Lab.Tests.Harness;
using LabHosts = ClusterManager.Lab.Tests.Harness.Lab;

namespace ClusterManager.Benchmarks.Update;

/// <summary>How long ten replicas take to another image, and whether callers notice, beside Docker Swarm on the same engine.</summary>
internal sealed class UpdateBenchmark(LabHosts lab, IReadOnlyList<UpdateSide> sides, UpdateImages images)
{
    private const int CallsPerSecond = 100;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private readonly EngineClock _clock = new(lab);

    public static async Task<Report> RunAsync(BenchOptions options)
    {
        var lab = new LabHosts(0);
        try
        {
            await lab.UpAsync(1);
            var swarm = new SwarmSide(lab);
            IReadOnlyList<UpdateSide> sides = [new OurSide(lab), swarm];
            var images = new UpdateImages(lab);
            await images.MakeAsync(sides);
            await swarm.BeginAsync(UpdateImages.Of(swarm, 0).Replace("bench:swarm-0", "web:1", StringComparison.Ordinal));
            return await new UpdateBenchmark(lab, sides, images).MeasureAsync(options);
        }
        finally
        {
            await lab.KeepLogsAsync("bench-update");
            await lab.DownAsync();
        }
    }

    private async Task<Report> MeasureAsync(BenchOptions options)
    {
        var report = new Report("Update of ten replicas",
            "From the command being typed to the engine's `start` event of the last new container, and to the command's end with the "
            + "verdict. "
            + "Both services are on one node, and take turns; the image of each side has a layer of its own of 32 MB. Neither has a health "
            + "check. Callers send 100 requests a second on connections that they keep, and look the name up once a second.")
            .Columns("settings", "running: ours", "Docker Swarm", "÷", "verdict: ours", "Docker Swarm", "÷",
                "requests, failed (retried): ours", "Docker Swarm");
        var only = options.Text("only");
        foreach (var settings in UpdateSettings.All.Where(one => only is null || one.Name.Contains(only, StringComparison.Ordinal)))
            await MeasureAsync(report, settings, options.Count(10));
        return report;
    }

    private async Task MeasureAsync(Report report, UpdateSettings settings, int rounds)
    {
        var running = sides.Select(_ => new Sample()).ToList();
        var verdict = sides.Select(_ => new Sample()).ToList();
        var calls = new List<Calls>();
        foreach (var side in sides)
        {
            await side.CreateAsync(settings, UpdateImages.Of(side, 0));
            if (settings.HasCallers) calls.Add(await Calls.BeginAsync(lab, side, CallsPerSecond));
        }

        for (var round = 0; round < rounds; round++)
            for (var i = 0; i < sides.Count; i++)
            {
                var at = (i + round) % sides.Count;
                var (ran, ended) = await OnceAsync(settings, sides[at], (round + 1) % 2);
                running[at].Add(ran);
                verdict[at].Add(ended);
            }

        var counted = new List<string>();
        foreach (var call in calls) counted.Add(await call.EndAsync());
        foreach (var side in sides) await side.RemoveAsync();
        report.Row(settings.Name, running[0].Seconds(), running[1].Seconds(), Report.Cell(running[0].Median / running[1].Median, "0.00"),
            verdict[0].Seconds(), verdict[1].Seconds(), Report.Cell(verdict[0].Median / verdict[1].Median, "0.00"),
            counted.Count == 0 ? "-" : counted[0], counted.Count == 0 ? "-" : counted[1]);
    }

    private async Task<(double Running, double Verdict)> OnceAsync(UpdateSettings settings, UpdateSide side, int number)
    {
        var image = UpdateImages.Of(side, number);
        if (settings.IsPulled) await images.RemoveAsync(image);
        var since = TimeProvider.System.GetUtcNow();
        await side.UpdateAsync(image);
        var verdict = TimeProvider.System.GetUtcNow() - since;
        var running = await _clock.LastStartAsync(side.Label, ["h1"], since, UpdateSide.Replicas, Limit);
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{settings.Name}: {side.Name} running {running.TotalSeconds:0.00} s, verdict {verdict.TotalSeconds:0.00} s"));
        // The next one begins when all is as before: what was replaced has gone.
        await Eventually.HoldsAsync("only the new replicas are left", 60, () => lab.ContainersOnAsync("h1", side.Label),
            found => found.Count == UpdateSide.Replicas);
        return (running.TotalSeconds, verdict.TotalSeconds);
    }
}
