// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using ClusterManager.Benchmarks.Common;
using ClusterManager.Benchmarks.Failover;
using ClusterManager.Lab.Tests.Harness;
using LabHosts = ClusterManager.Lab.Tests.Harness.Lab;

namespace ClusterManager.Benchmarks.Speed;

/// <summary>How long replicas on one node take from the call to all running, beside the bare engine and Docker Swarm.</summary>
internal sealed class SpeedBenchmark(LabHosts lab, EngineApi engine)
{
    private const string Image = "registry.lab:5000/web:1";
    private const string Overlay = "bench";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly int[] Parallels = [1, 2, 4, 8, 16, 50];
    private readonly EngineClock _clock = new(lab);

    public static async Task<Report> RunAsync(BenchOptions options)
    {
        var lab = new LabHosts(0);
        try
        {
            await lab.UpAsync(1);
            (await lab.DockerAsync("h1", "pull", "-q", Image)).Expect(0);
            using var engine = new EngineApi($"{lab.Directory}/h1/docker.sock");
            return await new SpeedBenchmark(lab, engine).MeasureAsync(options);
        }
        finally
        {
            await lab.KeepLogsAsync("bench-speed");
            await lab.DownAsync();
        }
    }

    private async Task<Report> MeasureAsync(BenchOptions options)
    {
        (await lab.ClusterAsync($"run --name {FailoverScenarios.Service} --replicas 1 {Image}")).Expect(0);
        using var client = await WriteProbe.OpenAsync(lab, "h1", FailoverScenarios.Service, 1);
        var model = (await lab.ContainersAsync("default/web")).Single();
        var body = await engine.BodyLikeAsync(model.Id);
        (await lab.DockerAsync("h1", "swarm", "init", "--advertise-addr", lab.AddressOf("h1"))).Expect(0);
        (await lab.DockerAsync("h1", "network", "create", "-d", "overlay", "--subnet", "10.99.0.0/16", Overlay)).Expect(0);

        var report = new Report("Replicas on one node",
            "From the call being sent to the engine's `start` event of the last container; the image is present. The bare engine gets the "
            + "create body that our agent sends, with as many calls in flight as served it best. Docker Swarm's containers are on an "
            + "overlay network, where names resolve as they do in ours, and, beside that, on none. All take turns.")
            .Columns("replicas", "ours", "bare engine", "Docker Swarm", "Swarm, no network", "ours ÷ bare", "ours ÷ Swarm");
        foreach (var replicas in new[] { 10, 50 })
        {
            var parallel = await BestParallelAsync(body, replicas);
            Contestant[] all =
            [
                new OurService(client, Image), new BareEngine(engine, body, parallel),
                new SwarmService(engine, Image, Overlay), new SwarmService(engine, Image, null),
            ];
            var samples = all.Select(_ => new Sample()).ToList();
            for (var round = 0; round < options.Count(10); round++)
                for (var i = 0; i < all.Length; i++)
                {
                    var at = (i + round) % all.Length;
                    samples[at].Add((await OnceAsync(all[at], replicas)).TotalSeconds);
                }

            Tell(report, replicas, samples, parallel);
        }

        return report;
    }

    private async Task<int> BestParallelAsync(System.Text.Json.Nodes.JsonObject body, int replicas)
    {
        var best = (Parallel: 1, Took: TimeSpan.MaxValue);
        foreach (var parallel in Parallels.Where(parallel => parallel <= replicas))
        {
            var contestant = new BareEngine(engine, body, parallel);
            var (one, two) = (await OnceAsync(contestant, replicas), await OnceAsync(contestant, replicas));
            var took = one < two ? one : two;
            if (took < best.Took) best = (parallel, took);
        }

        return best.Parallel;
    }

    private async Task<TimeSpan> OnceAsync(Contestant contestant, int replicas)
    {
        var since = TimeProvider.System.GetUtcNow();
        await contestant.StartAsync(replicas);
        var took = await _clock.LastStartAsync(contestant.Label, ["h1"], since, replicas, Limit);
        await contestant.EndAsync();
        await Eventually.HoldsAsync("all are gone", 60, () => engine.IdsAsync(contestant.Label), ids => ids.Count == 0);
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{contestant.Label} {replicas}: {took.TotalSeconds:0.00} s"));
        return took;
    }

    private static void Tell(Report report, int replicas, List<Sample> samples, int parallel)
    {
        var (ours, swarm) = (samples[0].Median / samples[1].Median, samples[0].Median / samples[2].Median);
        report.Row(replicas.ToString(CultureInfo.InvariantCulture), samples[0].Seconds(), samples[1].Seconds(), samples[2].Seconds(),
            samples[3].Seconds(), Report.Cell(ours, "0.00"), Report.Cell(swarm, "0.00"));
        report.Note($"{replicas} replicas: n = {samples[0].Count}, the engine did best with {parallel} calls in flight.");
        if (ours > 1.15) report.Note($"{replicas} replicas: the goal of 1.15 × the bare engine was missed.");
        if (swarm > 1) report.Note($"{replicas} replicas: Docker Swarm was faster.");
    }
}
