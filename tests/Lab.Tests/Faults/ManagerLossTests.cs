// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Lab.Tests.Harness;

namespace ClusterManager.Lab.Tests.Faults;

/// <summary>Three managers, of which one or all are lost.</summary>
[Collection(ThreeManagers.Name)]
public sealed class ManagerLossTests(ThreeManagersFixture fixture) : LabTest(fixture)
{
    [Fact]
    public async Task Another_manager_leads_when_the_leader_is_killed_and_nothing_is_touched()
    {
        var before = await RunServiceAsync("web", 3);
        var endpoints = await NamedAsync("web", 3);
        var leader = await LeaderAsync();

        await Lab.TellAsync("stop", leader, "manager");
        var next = await Eventually.HoldsAsync("another one leads", 15, LeaderAsync, host => host != leader);
        Assert.Contains(next, Lab.Hosts);
        (await Lab.ClusterAsync("scale web=4")).Expect(0);
        Assert.Superset(Lives(before).ToHashSet(), Lives(await RunningAsync("web", 4)).ToHashSet());
        Assert.Superset(endpoints.ToHashSet(), (await NamedAsync("web", 4)).ToHashSet());
    }

    [Fact]
    public async Task A_hook_that_runs_while_the_leader_is_killed_ran_once_and_its_end_is_picked_up()
    {
        var runs = await FileAsync("hook-runs", "");
        var file = await FileAsync("hook.yml", $$"""
            services:
              web:
                image: {{Image("1-hc")}}
                ports: ["8080"]
                entrypoint: [/bin/sh, -c]
                command: ["exec /web"]
                volumes: ["/bin:/bin:ro", "/lib:/lib:ro", "/lib64:/lib64:ro", "/usr:/usr:ro", "{{Lab.Directory}}:/lab"]
                x-cluster: {drain: 1s, pre_deploy: {command: ["echo run >> /lab/hook-runs; sleep 6"], timeout: 1m}}
            """);
        (await Lab.ClusterAsync($"deploy -f {file} default --detach")).Expect(0);
        await Eventually.HoldsAsync("the hook runs", 15, () => File.ReadAllTextAsync(runs), text => text.Length > 0);
        await Lab.TellAsync("stop", await LeaderAsync(), "manager");
        await Eventually.HoldsAsync(
            "the next leader has taken note of its end", 30, () => Lab.ClusterAsync("rollout status web --detach"),
            status => status.ExitCode == 0 && status.Output.Contains("succeeded, pre_deploy ok", StringComparison.Ordinal));
        await NamedAsync("web", 1);
        Assert.Equal("run", (await File.ReadAllTextAsync(runs)).Trim());
    }

    [Fact]
    [Trait("Length", "Long")]
    public async Task In_the_minute_after_the_leader_was_killed_nothing_moves_and_every_container_is_the_same()
    {
        var before = await RunServiceAsync("web", 6);
        var endpoints = await NamedAsync("web", 6);
        var scene = await FaultScene.OfAsync(Lab, "web");
        var term = await TermAsync();
        await Lab.KillProgramAsync(await LeaderAsync(), "manager");
        var since = TimeProvider.System.GetTimestamp();
        await Eventually.HoldsAsync("the next one leads", 15, TermAsync, now => now > term);
        // Longer than any grace that a new leader could give wrongly: a second for reports, half a minute, a minute.
        await Eventually.StaysAsync(
            "no container is another", 60 - TimeProvider.System.GetElapsedTime(since).TotalSeconds, () => RunningNowAsync("web"),
            now => Lives(now).SequenceEqual(Lives(before)), everySeconds: 1);
        Assert.Equal(endpoints, await Lab.ResolveAsync("web"));
        await WellAsync();
        await scene.RecordAsync(
            "the leading manager is killed, with three",
            "another leads (cluster status, node ls); in the next 60 s nothing moves");
    }

    [Fact]
    public async Task Another_manager_leads_when_the_leaders_consul_hangs_and_the_others_are_not_touched()
    {
        var before = await RunServiceAsync("web", 3);
        var scene = await FaultScene.OfAsync(Lab, "web", withPlaces: false);
        var leader = await LeaderAsync();
        var other = Lab.Hosts.First(host => host != leader);
        await Lab.SignalAsync(leader, "consul", "STOP");
        try
        {
            await Eventually.HoldsAsync(
                "another one leads", 20, () => Lab.ClusterOnAsync(other, "node ls -o json"), nodes => nodes.ExitCode == 0
                    && nodes.Json().EnumerateArray().Any(node =>
                        node.GetProperty("leader").GetBoolean() && node.GetProperty("name").GetString() != leader));
            (await Lab.ClusterOnAsync(other, "scale web=4")).Expect(0);
            (await Lab.ClusterOnAsync(other, "scale web=3")).Expect(0);
            // That machine itself is down to gossip: its own replica may be replaced, those of the others must not be touched.
            Assert.Superset(Lives(before.Where(it => it.Host != leader)).ToHashSet(), Lives(await RunningNowAsync("web")).ToHashSet());
        }
        finally
        {
            await Lab.SignalAsync(leader, "consul", "CONT");
        }
        await WellAsync();
        await scene.RecordAsync("the leader's Consul hangs, with three managers", "another leads (node ls); ConsulAway in its log");
    }

    [Fact]
    public async Task The_leaders_host_is_powered_off_and_the_others_go_on()
    {
        var before = await RunServiceAsync("web", 3);
        await NamedAsync("web", 3);
        var leader = await LeaderAsync();
        var other = Lab.Hosts.First(host => host != leader);

        await Lab.TellAsync("kill", leader);
        await Eventually.HoldsAsync(
            "the others take commands", 20, () => Lab.ClusterOnAsync(other, "service ls -o name"), list => list.ExitCode == 0);
        var after = await RunningAsync("web", 3, seconds: 25);
        Assert.DoesNotContain(after, container => container.Host == leader);
        Assert.Superset(Lives(before.Where(it => it.Host != leader)).ToHashSet(), Lives(after).ToHashSet());

        await Lab.TellAsync("start", leader);
        await WellAsync(60);
        Assert.Equal(Lives(after), Lives(await RunningAsync("web", 3)));
    }

    [Fact]
    public async Task With_all_managers_and_servers_killed_no_container_is_touched_and_a_crashed_one_restarts()
    {
        var before = await RunServiceAsync("web", 3);
        foreach (var host in Lab.Hosts)
        {
            await Lab.TellAsync("stop", host, "manager");
            await Lab.TellAsync("stop", host, "consul");
        }
        await Lab.KillAsync(before[0].Pid);
        await Eventually.HoldsAsync(
            "it runs again", 2, () => Lab.ContainersAsync("default/web", before[0].Host), found =>
                found.Any(it => it.IsRunning && it.Pid != before[0].Pid));
        Assert.Superset(Lives(before.Skip(1)).ToHashSet(), Lives(await RunningNowAsync("web")).ToHashSet());
    }

    [Fact]
    public async Task Any_manager_takes_any_command()
    {
        foreach (var host in Lab.Hosts)
        {
            var line = $"run --name from-{host} --replicas 1 -p 8080 {Image("1")}".Split(' ');
            (await Lab.RunAsync(host, ["env", $"CLUSTER_MANAGER={Lab.AddressOf(host)}:7443", "cluster", .. line])).Expect(0);
        }
        Assert.Equal(3, (await Lab.ClusterAsync("service ls -o name")).Expect(0).Lines.Count);
    }

    /// <summary>The middle of the state's version, <c>incarnation.term.number</c>.</summary>
    private async Task<long> TermAsync()
    {
        var status = (await Lab.ClusterAsync("status -o json")).Json()[0];
        return long.Parse(status.GetProperty("version").GetString()!.Split('.')[1]);
    }

    private async Task<string> LeaderAsync()
    {
        var nodes = (await Lab.ClusterAsync("node ls -o json")).Expect(0).Json();
        return nodes.EnumerateArray().Single(node => node.GetProperty("leader").GetBoolean()).GetProperty("name").GetString()!;
    }
}
