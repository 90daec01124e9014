// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Lab.Tests.Harness;
using LabHosts = ClusterManager.Lab.Tests.Harness.Lab;

namespace ClusterManager.Benchmarks.Failover;

/// <summary>
/// The faults of a control plane, each made once and timed. The service <c>web</c> must run, its image on every host. After each the
/// cluster has to be brought back by the caller.
/// </summary>
public sealed class FailoverScenarios(LabHosts lab, int replicas)
{
    /// <summary>The service that is moved about.</summary>
    public const string Service = "web";

    private const string Label = "cluster.service=default/web";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);
    private readonly HostFaults _faults = new(lab);
    private readonly EngineClock _engines = new(lab);

    /// <summary>The leader's process is killed: the next change that another manager takes.</summary>
    public async Task<TimeSpan> LeaderKilledAsync()
    {
        var leader = await LeaderAsync();
        using var probe = await ProbeBesideAsync(leader);
        return await probe.NextAsync(await _faults.KillProgramAsync(leader, "manager"), Limit);
    }

    /// <summary>The leader's process hangs (SIGSTOP): the same. It goes on afterwards.</summary>
    public async Task<TimeSpan> LeaderHungAsync()
    {
        var leader = await LeaderAsync();
        using var probe = await ProbeBesideAsync(leader);
        var (moment, pid) = await _faults.FreezeAsync(leader, "manager");
        try
        {
            return await probe.NextAsync(moment, Limit);
        }
        finally
        {
            HostFaults.Continue(pid);
        }
    }

    /// <summary>The leader's machine loses its power: the next change, and the start of the last container that ran there.</summary>
    public async Task<(TimeSpan Write, TimeSpan? LastStart)> LeaderHostKilledAsync()
    {
        var leader = await LeaderAsync();
        using var probe = await ProbeBesideAsync(leader);
        var lost = await CountOnAsync(leader);
        var moment = await _faults.PowerOffAsync(leader);
        var write = await probe.NextAsync(moment, Limit);
        return (write, lost == 0 ? null : await _engines.LastStartAsync(Label, Others(leader), moment, lost, Limit));
    }

    /// <summary>A machine without the leader loses its power: the start of the last container that ran there.</summary>
    /// <param name="host">Which.</param>
    /// <param name="withLeader">The leader's process is killed at the same moment.</param>
    public async Task<TimeSpan> NodeKilledAsync(string host, bool withLeader)
    {
        var lost = await CountOnAsync(host);
        if (lost == 0) throw new InvalidOperationException($"{host} runs nothing: there is nothing to replace");
        var pid = withLeader ? await _faults.PidAsync(await LeaderAsync(), "manager") : 0;
        var moment = await _faults.PowerOffAsync(host, withLeader ? () => HostFaults.Kill(pid) : null);
        return await _engines.LastStartAsync(Label, Others(host), moment, lost, Limit);
    }

    /// <summary>A container's process is killed: it runs again.</summary>
    public async Task<TimeSpan> ContainerKilledAsync()
    {
        var victim = (await lab.ContainersAsync($"default/{Service}")).First(container => container.IsRunning);
        return await _engines.LastStartAsync(Label, [victim.Host], HostFaults.Kill(victim.Pid), 1, Limit);
    }

    /// <summary>All replicas run, every node is ready.</summary>
    public async Task WellAsync()
    {
        await Eventually.HoldsAsync("all is well", 90, () => lab.ClusterAsync("status"), status => status.ExitCode == 0);
        await Eventually.HoldsAsync("all replicas run", 60, () => lab.ContainersAsync($"default/{Service}"),
            found => found.Count(container => container.IsRunning) == replicas);
    }

    /// <summary>The host whose manager leads.</summary>
    public async Task<string> LeaderAsync()
    {
        var nodes = (await lab.ClusterAsync("node ls -o json")).Expect(0).Json();
        return nodes.EnumerateArray().Single(node => node.GetProperty("leader").GetBoolean()).GetProperty("name").GetString()!;
    }

    private Task<WriteProbe> ProbeBesideAsync(string leader) =>
        WriteProbe.OpenAsync(lab, lab.Managers.First(host => host != leader), Service, replicas);

    private string[] Others(string host) => [.. lab.Hosts.Where(other => other != host)];

    private async Task<int> CountOnAsync(string host) =>
        (await lab.ContainersAsync($"default/{Service}", host)).Count(container => container.IsRunning);
}
