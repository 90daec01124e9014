// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using ClusterManager.Lab.Tests.Harness;
using LabHosts = ClusterManager.Lab.Tests.Harness.Lab;

namespace ClusterManager.Benchmarks.Failover;

/// <summary>Docker Swarm on the same hosts and engines: managers where ours are, one service of as many replicas.</summary>
internal sealed class SwarmPeer(LabHosts lab, int replicas)
{
    /// <summary>The label of its containers.</summary>
    public const string Label = "com.docker.swarm.service.name=peer";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private int _writes;

    /// <summary>Makes the swarm and runs the service.</summary>
    public async Task BeginAsync(string image)
    {
        (await lab.DockerAsync("h1", "swarm", "init", "--advertise-addr", lab.AddressOf("h1"))).Expect(0);
        foreach (var host in lab.Hosts.Skip(1))
        {
            var role = lab.Managers.Contains(host) ? "manager" : "worker";
            var token = (await lab.DockerAsync("h1", "swarm", "join-token", "-q", role)).Expect(0).Output.Trim();
            (await lab.DockerAsync(host, "swarm", "join", "--advertise-addr", lab.AddressOf(host), "--token", token,
                $"{lab.AddressOf("h1")}:2377")).Expect(0);
        }

        // The kernels of build machines have no IPVS: names instead of virtual addresses.
        (await lab.DockerAsync("h1", "service", "create", "-d", "--name", "peer", "--replicas", Text(replicas), "--endpoint-mode", "dnsrr",
            "--no-resolve-image", image)).Expect(0);
    }

    /// <summary>Spreads the replicas anew over all nodes that are there.</summary>
    public async Task SpreadAsync()
    {
        var manager = await ManagerAsync();
        (await lab.DockerAsync(manager, "service", "scale", "-d", "peer=0")).Expect(0);
        await RunningAsync(0);
        await Eventually.HoldsAsync("all nodes are ready for the swarm", 90,
            () => lab.DockerAsync(manager, "node", "ls", "--format", "{{.Status}}"),
            list => list.ExitCode == 0 && list.Lines.Count(line => line == "Ready") == lab.HostCount);
        (await lab.DockerAsync(manager, "service", "scale", "-d", $"peer={Text(replicas)}")).Expect(0);
        await RunningAsync(replicas);
    }

    /// <summary>The host of the swarm's leader.</summary>
    public async Task<string> LeaderAsync()
    {
        var list = (await lab.DockerAsync(await ManagerAsync(), "node", "ls", "--format", "{{.Hostname}} {{.ManagerStatus}}")).Expect(0);
        return list.Lines.Single(line => line.EndsWith(" Leader", StringComparison.Ordinal)).Split(' ')[0];
    }

    /// <summary>How many replicas run on a host.</summary>
    public async Task<int> CountOnAsync(string host) =>
        (await lab.ContainersOnAsync(host, Label)).Count(container => container.IsRunning);

    /// <summary>One that runs.</summary>
    public async Task<LabContainer> OneAsync()
    {
        foreach (var host in lab.Hosts)
            if ((await lab.ContainersOnAsync(host, Label)).FirstOrDefault(container => container.IsRunning) is { } found) return found;
        throw new InvalidOperationException("no replica of the swarm's service runs");
    }

    /// <summary>Tries until a manager of the host acknowledges a change.</summary>
    public async Task<TimeSpan> NextWriteAsync(string host, DateTimeOffset since, TimeSpan limit)
    {
        while (true)
        {
            var update = await lab.LocalAsync(
                "timeout", "1", "docker", "-H", lab.EngineOf(host), "service", "update", "-d", "--no-resolve-image", "--label-add",
                $"write={Text(++_writes)}", "peer");
            if (update.ExitCode == 0) return TimeProvider.System.GetUtcNow() - since;
            if (TimeProvider.System.GetUtcNow() - since > limit) throw new TimeoutException($"the swarm took no change: {update.Error}");
            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    private async Task RunningAsync(int count) => await Eventually.HoldsAsync(
        $"{count} replicas of the swarm's service run", 120, async () =>
        {
            var running = 0;
            foreach (var host in lab.Hosts) running += await CountOnAsync(host);
            return running;
        }, running => running == count);

    private async Task<string> ManagerAsync()
    {
        foreach (var host in lab.Managers)
            if ((await lab.DockerAsync(host, "node", "ls", "-q")).ExitCode == 0) return host;
        throw new InvalidOperationException("no manager of the swarm answers");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
