// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using ClusterManager.Lab.Tests.Harness;

namespace ClusterManager.Lab.Tests.Faults;

/// <summary>Processes whose wall clock is five minutes off: faketime tells them another time, and leaves elapsed time alone.</summary>
[Collection(Hostile.Name)]
public sealed class ClockTests(HostileFixture fixture) : LabTest(fixture)
{
    private const string Nothing = "nothing fails; the skew is for 'cluster doctor' to tell";

    [Fact]
    public Task A_manager_whose_clock_is_five_minutes_fast_leads_as_any_other() => LeadsAsync("+300s");

    [Fact]
    [Trait("Length", "Long")]
    public Task A_manager_whose_clock_is_five_minutes_slow_leads_as_any_other() => LeadsAsync("-300s");

    private async Task LeadsAsync(string off, [CallerMemberName] string test = "")
    {
        var before = await RunServiceAsync("web", 3);
        var endpoints = await NamedAsync("web", 3);
        var scene = await FaultScene.OfAsync(Lab, "web");
        await Lab.TellAsync("stop", "h1", "manager");
        string token;
        await using (await StartAsync("h1", "cluster-manager", off))
        {
            await WellAsync();
            (await Lab.ClusterAsync("scale web=4")).Expect(0);
            await RunningAsync("web", 4);
            token = (await Lab.ClusterAsync("token create -q --ttl 30m")).Expect(0).Output.Trim().Split('-')[2];
        }
        // To the next term the clock has jumped back, or forth.
        await Lab.TellAsync("start", "h1", "manager");
        await WellAsync();
        (await Lab.ClusterAsync("scale web=3")).Expect(0);
        await RunningAsync("web", 3);
        (await Lab.ClusterAsync("token ls -o name")).Expect(0).ExpectText(token);
        Assert.Equal(Lives(before), Lives(await RunningNowAsync("web")));
        Assert.Equal(endpoints, await NamedAsync("web", 3));
        await scene.RecordAsync($"a manager's clock is five minutes off ({off})", Nothing, test);
    }

    [Fact]
    public async Task Agents_whose_clocks_are_five_minutes_off_keep_their_sessions_restart_what_crashes_and_tell_names()
    {
        var before = await RunServiceAsync("web", 3);
        var endpoints = await NamedAsync("web", 3);
        var scene = await FaultScene.OfAsync(Lab, "web");
        await Lab.TellAsync("stop", "h2", "agent");
        await Lab.TellAsync("stop", "h3", "agent");
        await using (await StartAsync("h2", "cluster-agent", "+300s"))
        await using (await StartAsync("h3", "cluster-agent", "-300s"))
        {
            await WellAsync();
            Assert.Equal(Lives(before), Lives(await RunningNowAsync("web")));
            foreach (var host in new[] { "h2", "h3" })
            {
                var crashed = before.Single(container => container.Host == host);
                await Lab.KillAsync(crashed.Pid);
                await Eventually.HoldsAsync(
                    "it runs again", 5, () => Lab.ContainersAsync("default/web", host), found =>
                        found.Any(it => it.IsRunning && it.Pid != crashed.Pid));
            }
            Assert.Equal(endpoints, await NamedAsync("web", 3));
        }
        await Lab.TellAsync("start", "h2", "agent");
        await Lab.TellAsync("start", "h3", "agent");
        await WellAsync();
        Assert.Equal(Ids(before), Ids(await RunningAsync("web", 3)));
        await scene.RecordAsync("agents' clocks are five minutes off, both ways", Nothing);
    }

    private async Task<RunningCommand> StartAsync(string host, string program, string off)
    {
        var library = (await Lab.LocalAsync("sh", "-c", "ls /usr/lib/*/faketime/libfaketimeMT.so.1")).Expect(0).Output.Trim();
        return Lab.Start(
            host, "env", $"LD_PRELOAD={library}", $"FAKETIME={off}", "DONT_FAKE_MONOTONIC=1", Lab.Program(program), "--data-dir",
            Lab.DataOf(host));
    }
}
