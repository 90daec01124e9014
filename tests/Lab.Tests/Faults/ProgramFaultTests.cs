// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Lab.Tests.Harness;

namespace ClusterManager.Lab.Tests.Faults;

/// <summary>Agents, managers, engines and Consul that end or are missing, while containers run on.</summary>
[Collection(Faulty.Name)]
public sealed class ProgramFaultTests(FaultyFixture fixture) : LabTest(fixture)
{
    [Fact]
    public async Task A_killed_agent_finds_its_containers_again_and_their_names_stay()
    {
        var before = await RunServiceAsync("web", 3);
        var endpoints = await NamedAsync("web", 3);
        var agent = await Lab.PidAsync("h2", "agent");

        await Lab.KillProgramAsync("h2", "agent");
        await Eventually.StaysAsync("names stay", 4, () => Lab.ResolveAsync("web", "h3"), found => found.SequenceEqual(endpoints));
        await Eventually.HoldsAsync("the agent runs again", 15, () => Lab.PidAsync("h2", "agent"), pid => pid is not null && pid != agent);
        await WellAsync();
        Assert.Equal(Lives(before), Lives(await RunningNowAsync("web")));
        Assert.Equal(endpoints, await Lab.ResolveAsync("web"));
    }

    [Fact]
    public async Task A_killed_manager_touches_nothing_and_goes_on_where_it_was()
    {
        var before = await RunServiceAsync("web", 3);
        var endpoints = await NamedAsync("web", 3);
        await Lab.KillProgramAsync("h1", "manager");
        await WellAsync();
        Assert.Equal(Lives(before), Lives(await RunningNowAsync("web")));
        Assert.Equal(endpoints, await Lab.ResolveAsync("web"));
        (await Lab.ClusterAsync("scale web=4")).Expect(0);
        Assert.Superset(Lives(before).ToHashSet(), Lives(await RunningAsync("web", 4)).ToHashSet());
    }

    [Fact]
    public async Task Without_any_manager_and_consul_server_containers_run_crash_restart_and_keep_their_names()
    {
        var before = await RunServiceAsync("web", 3);
        var endpoints = await NamedAsync("web", 3, "h3");
        await Lab.TellAsync("stop", "h1", "manager");
        await Lab.TellAsync("stop", "h1", "consul");

        var crashed = before.Single(container => container.Host == "h2");
        await Lab.KillAsync(crashed.Pid);
        await Eventually.HoldsAsync(
            "it runs again", 2, () => Lab.ContainersAsync("default/web", "h2"), found =>
                found.Any(it => it.IsRunning && it.Pid != crashed.Pid));
        Assert.Equal(endpoints, await Lab.ResolveAsync("web", "h3"));
        (await Lab.ClusterAsync("service ls")).Expect(7);

        await Lab.TellAsync("start", "h1", "consul");
        await Lab.TellAsync("start", "h1", "manager");
        await WellAsync();
        Assert.Equal(Lives(before.Where(it => it.Host != "h2")), Lives((await RunningAsync("web", 3)).Where(it => it.Host != "h2")));
        await NamedAsync("web", 3, "h3");
    }

    [Fact]
    public async Task A_manager_that_starts_before_consul_waits_for_it()
    {
        var before = await RunServiceAsync("web", 2);
        await Lab.TellAsync("stop", "h1", "manager");
        await Lab.TellAsync("stop", "h1", "consul");
        await Lab.TellAsync("start", "h1", "manager");
        await Eventually.StaysAsync("nothing is touched", 3, () => RunningNowAsync("web"), now => Lives(now).SequenceEqual(Lives(before)));
        await Lab.TellAsync("start", "h1", "consul");
        await WellAsync();
        Assert.Equal(Lives(before), Lives(await RunningNowAsync("web")));
    }

    [Fact]
    public async Task A_consul_that_hangs_holds_up_changes_and_nothing_else()
    {
        var before = await RunServiceAsync("web", 3);
        var endpoints = await NamedAsync("web", 3, "h2");
        var scene = await FaultScene.OfAsync(Lab, "web");
        await Lab.SignalAsync("h1", "consul", "STOP");
        try
        {
            var refused = await Lab.ClusterAsync("scale web=4 --timeout 10s --wait-limit 15s");
            Assert.True(refused.ExitCode is 6 or 7 && refused.Took < TimeSpan.FromSeconds(30), $"{refused}");
            Assert.Equal(Lives(before), Lives(await RunningNowAsync("web")));
            Assert.Equal(endpoints, await Lab.ResolveAsync("web", "h2"));
        }
        finally
        {
            await Lab.SignalAsync("h1", "consul", "CONT");
        }
        await WellAsync();
        (await Lab.ClusterAsync("scale web=3")).Expect(0);
        await RunningAsync("web", 3);
        Assert.Equal(Lives(before), Lives(await RunningNowAsync("web")));
        await scene.RecordAsync("Consul hangs", "exit code 6 or 7; ConsulAway in cluster-manager.log");
    }

    [Fact]
    public async Task A_nodes_own_consul_that_ends_comes_back_with_its_names()
    {
        var before = await RunServiceAsync("web", 3);
        await NamedAsync("web", 3);
        await Lab.KillProgramAsync("h2", "consul");
        await WellAsync();
        await NamedAsync("web", 3, seconds: 20);
        Assert.Equal(Lives(before), Lives(await RunningNowAsync("web")));
    }

    [Fact]
    public async Task An_engine_that_was_stopped_is_told_and_taken_back()
    {
        var before = await RunServiceAsync("web", 3);
        await NamedAsync("web", 3);
        var scene = await FaultScene.OfAsync(Lab, "web", withPlaces: false);
        await Lab.TellAsync("stop", "h3", "engine");
        await Eventually.HoldsAsync("it is said", 15, () => Lab.ClusterAsync("status"), Says("h3", "engine"));
        await NamedAsync("web", 2);

        await Lab.TellAsync("start", "h3", "engine");
        await WellAsync();
        var after = await RunningAsync("web", 3);
        Assert.Equal(Lives(before.Where(it => it.Host != "h3")), Lives(after.Where(it => it.Host != "h3")));
        Assert.Equal(["h1", "h2", "h3"], after.Select(it => it.Host).Order());
        await NamedAsync("web", 3);
        await scene.RecordAsync(
            "the engine stops and starts, without live-restore (its containers end with it)",
            "`nodeEngineDown` in cluster status and node ls");
    }

    [Fact]
    public async Task An_agent_that_starts_before_its_engine_waits_for_it()
    {
        await RunServiceAsync("web", 3);
        await Lab.TellAsync("stop", "h3", "agent");
        await Lab.TellAsync("stop", "h3", "engine");
        await Lab.TellAsync("start", "h3", "agent");
        await Eventually.HoldsAsync("it is said", 15, () => Lab.ClusterAsync("status"), Says("h3", "engine"));
        await Lab.TellAsync("start", "h3", "engine");
        await WellAsync();
        await RunningAsync("web", 3);
        await NamedAsync("web", 3);
    }

    [Fact]
    public async Task An_agent_whose_assignment_was_cut_short_on_disk_keeps_its_containers()
    {
        var before = await RunServiceAsync("web", 3);
        await Lab.TellAsync("stop", "h3", "agent");
        var files = Directory.GetFiles(Path.Combine(Lab.DataOf("h3"), "agent"), "assignments*");
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            await using var stream = new FileStream(file, FileMode.Open);
            stream.SetLength(stream.Length / 2);
        }
        await Lab.TellAsync("start", "h3", "agent");
        await WellAsync();
        Assert.Equal(Lives(before), Lives(await RunningNowAsync("web")));
        await NamedAsync("web", 3);
    }

    private static Func<CommandResult, bool> Says(params string[] words) =>
        status => status.ExitCode == 1 && words.All(word => status.Text.Contains(word, StringComparison.OrdinalIgnoreCase));
}
