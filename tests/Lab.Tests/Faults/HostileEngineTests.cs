// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Lab.Tests.Harness;

namespace ClusterManager.Lab.Tests.Faults;

/// <summary>Engines that hang, restart, are upgraded, or may not be spoken to.</summary>
[Collection(Hostile.Name)]
public sealed class HostileEngineTests(HostileFixture fixture) : LabTest(fixture)
{
    private const string Told = "`nodeEngineDown` in cluster status and node ls";

    [Fact]
    public async Task An_engine_that_hangs_is_told_and_nothing_is_touched()
    {
        var before = await RunServiceAsync("web", 3);
        var endpoints = await NamedAsync("web", 3);
        var scene = await FaultScene.OfAsync(Lab, "web");
        await Lab.SignalAsync("h3", "engine", "STOP");
        try
        {
            await EngineDownIsToldAsync("h3");
            Assert.Equal(endpoints, await Lab.ResolveAsync("web"));
        }
        finally
        {
            await Lab.SignalAsync("h3", "engine", "CONT");
        }
        await WellAsync();
        Assert.Equal(Lives(before), Lives(await RunningNowAsync("web")));
        Assert.Equal(endpoints, await Lab.ResolveAsync("web"));
        await scene.RecordAsync("the engine hangs (answers nothing, breaks nothing)", $"{Told}; 'the engine hangs' in cluster-agent.log");
    }

    [Fact]
    public async Task Engines_with_live_restore_keep_their_containers_over_a_restart_and_an_upgrade()
    {
        await Lab.TellAsync("stop", "h3", "engine");
        await Lab.TellAsync("start", "h3", "engine", "--live-restore");
        var before = await RunServiceAsync("web", 3);
        var endpoints = await NamedAsync("web", 3);
        var scene = await FaultScene.OfAsync(Lab, "web");

        await RestartedAsync();
        Assert.Equal(Lives(before), Lives(await RunningNowAsync("web")));
        await scene.RecordAsync("the engine restarts, with live-restore", Told);

        await RestartedAsync("--new");
        Assert.Equal(Lives(before), Lives(await RunningNowAsync("web")));
        await scene.RecordAsync("the engine is upgraded from 20.10 to 28, with live-restore", Told);

        async Task RestartedAsync(params string[] options)
        {
            await Lab.TellAsync("stop", "h3", "engine");
            await EngineDownIsToldAsync("h3");
            Assert.Equal(endpoints, await Lab.ResolveAsync("web"));
            await Lab.TellAsync("start", "h3", ["engine", .. options]);
            await WellAsync();
            Assert.Equal(endpoints, await Lab.ResolveAsync("web"));
        }
    }

    [Fact]
    public async Task An_engine_that_is_upgraded_without_live_restore_has_its_containers_started_again_where_they_were()
    {
        var before = await RunServiceAsync("web", 3);
        await NamedAsync("web", 3);
        var scene = await FaultScene.OfAsync(Lab, "web");
        await Lab.TellAsync("stop", "h1", "engine");
        await EngineDownIsToldAsync("h1");
        await NamedAsync("web", 2, "h2");
        await Lab.TellAsync("start", "h1", "engine", "--new");
        await WellAsync();
        var after = await RunningAsync("web", 3);
        Assert.Equal(Lives(before.Where(it => it.Host != "h1")), Lives(after.Where(it => it.Host != "h1")));
        Assert.Equal(["h1", "h2", "h3"], after.Select(it => it.Host).Order());
        await NamedAsync("web", 3);
        await scene.RecordAsync("the engine is upgraded from 20.10 to 28, without live-restore (its containers end with it)", Told);
    }

    [Fact]
    public async Task An_engines_socket_without_permission_is_told_and_nothing_is_touched()
    {
        var before = await RunServiceAsync("web", 3);
        var endpoints = await NamedAsync("web", 3);
        var scene = await FaultScene.OfAsync(Lab, "web");
        // Root may open any socket unless this one capability is taken from it.
        await Lab.TellAsync("stop", "h3", "agent");
        await Lab.ShellAsync("h3", "chmod 600 /run/docker.sock && chown 65534 /run/docker.sock");
        await using (Lab.Start("h3", "setpriv", "--bounding-set", "-dac_override,-dac_read_search", Lab.Program("cluster-agent"),
            "--data-dir", Lab.DataOf("h3")))
        {
            await EngineDownIsToldAsync("h3");
            Assert.Contains("ermission denied", await Lab.LogAsync("h3", "cluster-agent"), StringComparison.Ordinal);
            Assert.Equal(endpoints, await Lab.ResolveAsync("web"));
            await Lab.ShellAsync("h3", "chown 0 /run/docker.sock && chmod 660 /run/docker.sock");
            await WellAsync();
        }
        await Lab.TellAsync("start", "h3", "agent");
        await WellAsync();
        Assert.Equal(Lives(before), Lives(await RunningNowAsync("web")));
        await scene.RecordAsync("the engine's socket gives no permission", $"{Told}; 'Permission denied' in cluster-agent.log");
    }

    private async Task EngineDownIsToldAsync(string host)
    {
        await Eventually.HoldsAsync("it is said", 15, () => Lab.ClusterAsync("status -o json"), status =>
            status.ExitCode == 1 && status.Json()[0].GetProperty("problems").EnumerateArray().Any(problem =>
                $"{problem.GetProperty("object")}" == $"node {host}" && $"{problem.GetProperty("reasonCode")}" == "nodeEngineDown"));
        (await Lab.ClusterAsync("node ls")).Expect(0).ExpectText("engine");
    }
}
