// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Lab.Tests.Harness;

namespace ClusterManager.Lab.Tests.Faults;

/// <summary>Disks without a free block: an agent's, a manager's, Consul's.</summary>
[Collection(Hostile.Name)]
public sealed class DiskFullTests(HostileFixture fixture) : LabTest(fixture)
{
    private const string NoSpace = "No space left on device";

    [Fact]
    public async Task An_agent_works_on_with_a_full_disk_says_so_and_writes_when_there_is_room()
    {
        var before = await RunServiceAsync("web", 3);
        var endpoints = await NamedAsync("web", 3);
        var scene = await FaultScene.OfAsync(Lab, "web");
        await Lab.TellAsync("stop", "h3", "agent");
        await using (var disk = await TinyDisk.MountAsync(Lab, "h3", Path.Combine(Lab.DataOf("h3"), "agent"), 4))
        {
            await Lab.TellAsync("start", "h3", "agent");
            await WellAsync();
            await disk.FillAsync();
            // More than the blocks that the replaced generation of the file gives back.
            (await Lab.ClusterAsync($"run --name more --mode global -p 8080 -e BIG={new string('x', 8000)} {Image("1-hc")}")).Expect(0);
            await LoggedAsync("cluster-agent", "The assignment's file can not be written", NoSpace);
            await Lab.KillProgramAsync("h3", "agent");
            await WellAsync();
            await RunningAsync("more", 3);
            Assert.Equal(endpoints, await Lab.ResolveAsync("web"));
            await disk.FreeAsync();
            await LoggedAsync("cluster-agent", "The assignment's file is written again");
            (await Lab.ClusterAsync("service rm more")).Expect(0);
            await Lab.TellAsync("stop", "h3", "agent");
        }
        await Lab.TellAsync("start", "h3", "agent");
        await WellAsync();
        Assert.Equal(Lives(before), Lives(await RunningNowAsync("web")));
        await scene.RecordAsync("an agent's disk is full", "AssignmentsNotWritten ('No space left on device') in cluster-agent.log");
    }

    [Fact]
    public async Task A_manager_needs_no_disk_and_consuls_full_disk_is_refused_clearly_until_there_is_room()
    {
        var before = await RunServiceAsync("web", 3);
        var endpoints = await NamedAsync("web", 3);
        var scene = await FaultScene.OfAsync(Lab, "web");
        await StopAsync();
        await using (var manager = await TinyDisk.MountAsync(Lab, "h1", Path.Combine(Lab.DataOf("h1"), "manager"), 4))
        await using (var consul = await TinyDisk.MountAsync(Lab, "h1", Path.Combine(Lab.DataOf("h1"), "consul", "data"), 64))
        {
            await StartAsync();
            await WellAsync();
            await manager.FillAsync();
            await Lab.KillProgramAsync("h1", "manager");
            await WellAsync();
            (await Lab.ClusterAsync("scale web=4")).Expect(0);
            (await Lab.ClusterAsync("scale web=3")).Expect(0);
            await scene.RecordAsync("a manager's disk is full", "nothing fails: a manager keeps no state on its disk");
            await manager.FreeAsync();

            await consul.FillAsync();
            // Its log is made larger before it is needed: the first changes may still find room.
            var change = 0;
            var refused = await Eventually.HoldsAsync(
                "a change is refused", 60, () => Lab.ClusterAsync($"node label h3 change={++change}"), answer => answer.ExitCode is 6 or 7);
            Assert.True(refused.Took < TimeSpan.FromSeconds(30), $"{refused}");
            Assert.Equal(Lives(before), Lives(await RunningNowAsync("web")));
            Assert.Equal(endpoints, await Lab.ResolveAsync("web", "h2"));
            await consul.FreeAsync();
            await WellAsync(60);
            (await Lab.ClusterAsync("node label h3 change=last")).Expect(0);
            await StopAsync();
        }
        await StartAsync();
        await WellAsync();
        Assert.Equal(Lives(before), Lives(await RunningNowAsync("web")));
        await scene.RecordAsync("Consul's disk is full", "exit code 6 or 7; 'no space left on device' in cluster-manager.log");
    }

    private async Task StopAsync()
    {
        await Lab.TellAsync("stop", "h1", "manager");
        await Lab.TellAsync("stop", "h1", "consul");
    }

    private async Task StartAsync()
    {
        await Lab.TellAsync("start", "h1", "consul");
        await Lab.TellAsync("start", "h1", "manager");
    }

    private async Task LoggedAsync(string program, params string[] words) => await Eventually.HoldsAsync(
        $"h3 logs {words[0]}", 10, async () => (await Lab.LogAsync("h3", program)).Split('\n').TakeLast(40).ToList(), lines =>
            lines.Any(line => words.All(word => line.Contains(word, StringComparison.Ordinal))));
}
