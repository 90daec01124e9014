// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using ClusterManager.Benchmarks.Common;
using LabHosts = ClusterManager.Lab.Tests.Harness.Lab;

namespace ClusterManager.Benchmarks.Failover;

/// <summary>How long it takes until all is as it should be after a fault, beside Docker Swarm on the same hosts in the same run.</summary>
internal sealed class FailoverBenchmark(LabHosts lab, int replicas)
{
    private const string Image = "registry.lab:5000/web:1";
    private static readonly TimeSpan PeerLimit = TimeSpan.FromSeconds(90);
    private readonly FailoverScenarios _ours = new(lab, replicas);
    private readonly SwarmPeer _peer = new(lab, replicas);
    private readonly EngineClock _engines = new(lab);
    private readonly SortedDictionary<string, Sample> _samples = new(StringComparer.Ordinal);

    public static async Task<Report> RunAsync(BenchOptions options)
    {
        var hosts = options.Number("hosts", 6);
        var lab = new LabHosts(0);
        try
        {
            await lab.UpAsync(hosts, "--managers", "3");
            var benchmark = new FailoverBenchmark(lab, hosts * 2);
            await benchmark.BeginAsync(options.Flag("swarm", true));
            for (var round = 0; round < options.Count(20); round++) await benchmark.RoundAsync(round, options.Flag("swarm", true));
            return benchmark.Told(hosts);
        }
        finally
        {
            await lab.KeepLogsAsync("bench-failover");
            await lab.DownAsync();
        }
    }

    private async Task BeginAsync(bool withSwarm)
    {
        foreach (var host in lab.Hosts) (await lab.DockerAsync(host, "pull", "-q", Image)).Expect(0);
        (await lab.ClusterAsync($"run --name {FailoverScenarios.Service} --replicas {replicas} -p 8080 {Image}")).Expect(0);
        if (withSwarm) await _peer.BeginAsync(Image);
    }

    private async Task RoundAsync(int round, bool withSwarm)
    {
        await MeasureAsync("a", () => _ours.LeaderKilledAsync());
        await MeasureAsync("b", () => _ours.LeaderHungAsync());
        await MeasureAsync("f", () => _ours.ContainerKilledAsync());
        if (withSwarm) await MeasureAsync("f swarm", PeerContainerAsync);
        await SpreadAsync(withSwarm);
        await MeasureAsync("c", async () =>
        {
            var (write, start) = await _ours.LeaderHostKilledAsync();
            if (start is { } last && lab.HostCount >= 6) Add("e2", last);
            return write;
        });
        await SpreadAsync(withSwarm);
        var victim = await VictimAsync(round);
        await MeasureAsync("d", () => BothAsync(victim, withSwarm));
        await SpreadAsync(withSwarm);
        victim = await VictimAsync(round + 1);
        await MeasureAsync("e1", () => _ours.NodeKilledAsync(victim, withLeader: true));
        if (!withSwarm) return;
        await SpreadAsync(withSwarm);
        await MeasureAsync("c swarm", PeerLeaderAsync);
    }

    private async Task MeasureAsync(string name, Func<Task<TimeSpan>> scenario)
    {
        await BackAsync();
        var took = await scenario();
        Add(name, took);
        await BackAsync();
    }

    private void Add(string name, TimeSpan took)
    {
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {took.TotalSeconds:0.00} s"));
        if (!_samples.TryGetValue(name, out var sample)) _samples[name] = sample = new Sample();
        sample.Add(took.TotalSeconds);
    }

    /// <summary>Every host on, every program running, all replicas there.</summary>
    private async Task BackAsync()
    {
        foreach (var host in await lab.StatusAsync())
            if (!host.IsOn) await lab.TellAsync("start", host.Name);
        await _ours.WellAsync();
    }

    /// <summary>Neither system moves replicas back to a node that returns, so both begin each round spread over all.</summary>
    private async Task SpreadAsync(bool withSwarm)
    {
        (await lab.ClusterAsync($"scale {FailoverScenarios.Service}=0")).Expect(0);
        (await lab.ClusterAsync($"scale {FailoverScenarios.Service}={replicas}")).Expect(0);
        if (withSwarm) await _peer.SpreadAsync();
    }

    private async Task<string> VictimAsync(int round)
    {
        var leader = await _ours.LeaderAsync();
        var others = lab.HostCount > 3 ? lab.Hosts.Except(lab.Managers).ToList() : lab.Hosts.Where(host => host != leader).ToList();
        return others[round % others.Count];
    }

    private async Task<TimeSpan> BothAsync(string victim, bool withSwarm)
    {
        var lost = withSwarm ? await _peer.CountOnAsync(victim) : 0;
        var moment = TimeProvider.System.GetUtcNow();
        var ours = await _ours.NodeKilledAsync(victim, withLeader: false);
        var others = lab.Hosts.Where(host => host != victim).ToList();
        if (lost > 0) Add("d swarm", await _engines.LastStartAsync(SwarmPeer.Label, others, moment, lost, PeerLimit));
        return ours;
    }

    private async Task<TimeSpan> PeerContainerAsync()
    {
        var victim = await _peer.OneAsync();
        // It may start on any host.
        return await _engines.LastStartAsync(SwarmPeer.Label, [.. lab.Hosts], HostFaults.Kill(victim.Pid), 1, PeerLimit);
    }

    private async Task<TimeSpan> PeerLeaderAsync()
    {
        var leader = await _peer.LeaderAsync();
        var moment = await new HostFaults(lab).PowerOffAsync(leader);
        return await _peer.NextWriteAsync(lab.Managers.First(host => host != leader), moment, PeerLimit);
    }

    private Report Told(int hosts)
    {
        var report = new Report("Failover",
            $"{hosts} hosts of one machine, three with manager and Consul server, two replicas on each, images present. Time counts "
            + "from the link going down or the signal to the next acknowledged change through another manager, or to the `start` event "
            + "of the engine for the last replacement.").Columns("fault", "until", "n", "ours", "goal", "Docker Swarm");
        Tell(report, "a", "leader's process killed", "next change", 3, 4);
        Tell(report, "b", "leader's process hangs (SIGSTOP)", "next change", 3, 4);
        Tell(report, "c", "leader's machine loses power", "next change", 5, 5);
        Tell(report, "d", "machine loses power", "last replacement starts", 5, 7);
        Tell(report, "e1", "machine, and the leader's process with it", "last replacement starts", 9, 9);
        Tell(report, "e2", "the leader's machine", "last replacement starts", 9, 9);
        Tell(report, "f", "container's process killed", "running again", 1, 1);
        return report;
    }

    private void Tell(Report report, string name, string fault, string until, double median, double worst)
    {
        var sample = _samples.GetValueOrDefault(name, new Sample());
        var goal = median == worst ? $"< {median:0} s" : $"< {median:0} s, worst < {worst:0} s";
        var peer = _samples.GetValueOrDefault($"{name} swarm", new Sample());
        report.Row(fault, until, sample.Count.ToString(CultureInfo.InvariantCulture), sample.Seconds(), goal, peer.Seconds());
        if (sample.Count > 0 && (sample.Median >= median || sample.Worst >= worst)) report.Note($"{fault}: the goal was missed.");
    }
}
