// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Lab.Tests.Harness;

namespace ClusterManager.Lab.Tests.Faults;

/// <summary>Hosts that are powered off, cut off, and come back.</summary>
[Collection(Faulty.Name)]
public sealed class NodeFaultTests(FaultyFixture fixture) : LabTest(fixture)
{
    [Fact]
    public async Task The_replicas_of_a_killed_node_run_elsewhere_and_it_returns_without_doubles()
    {
        await RunServiceAsync("web", 3);
        await NamedAsync("web", 3);

        await Lab.TellAsync("kill", "h3");
        var moved = await RunningAsync("web", 3, seconds: 15);
        Assert.DoesNotContain(moved, container => container.Host == "h3");
        var endpoints = await NamedAsync("web", 3);
        Assert.DoesNotContain(Lab.AddressOf("h3"), endpoints.Select(endpoint => endpoint.Address));
        (await Lab.ClusterAsync("status")).Expect(1).ExpectText("h3");

        await Lab.TellAsync("start", "h3");
        await WellAsync();
        Assert.Equal(Lives(moved), Lives(await RunningAsync("web", 3)));
        Assert.Equal(endpoints, await NamedAsync("web", 3));
    }

    [Fact]
    public async Task A_node_that_was_cut_off_stops_what_was_replaced_when_it_returns()
    {
        var before = await RunServiceAsync("web", 3);
        (await Lab.ClusterAsync($"run --name everywhere --mode global -p 8080 {Image("1-hc")}")).Expect(0);
        await NamedAsync("everywhere", 3);
        await NamedAsync("web", 3);

        await Lab.TellAsync("cut", "h3");
        await Eventually.HoldsAsync(
            "three replicas run on the other two", 15, () => Lab.ContainersAsync("default/web", "h1", "h2"), found =>
                found.Count(it => it.IsRunning) == 3);
        var kept = await Lab.ContainersAsync("default/web", "h1", "h2");
        Assert.Equal(Lives(before.Where(it => it.Host == "h3")), Lives(await Lab.ContainersAsync("default/web", "h3")));

        await Lab.TellAsync("heal", "h3");
        await Eventually.HoldsAsync("its session opens", 15, () => Lab.ClusterAsync("status -o json"), status =>
            status.Json()[0].GetProperty("nodesReady").GetInt32() == 3);
        // Gossip by itself would take up to 30 s.
        await NamedAsync("everywhere", 3, "h1", seconds: 15);
        await NamedAsync("everywhere", 3, "h3", seconds: 15);
        await Eventually.HoldsAsync("the replaced one is stopped", 30, () => RunningNowAsync("web"), found => found.Count == 3);
        Assert.Equal(Lives(kept), Lives(await RunningNowAsync("web")));
    }

    [Fact]
    public async Task A_volume_has_a_home_and_its_service_waits_for_it()
    {
        var file = await FileAsync("homely.yml", $"""
            name: homely
            services:
              store:
                image: {Image("1")}
                ports: ["8080"]
                volumes: ["data:/data"]
                deploy:
                  placement:
                    constraints: ["node.hostname!=h1"]
            volumes:
              data:
            """);
        (await Lab.ClusterAsync($"deploy -f {file}")).Expect(0);
        var first = Assert.Single(await RunningAsync("homely/store", 1));
        var (home, other) = (first.Host, first.Host == "h2" ? "h3" : "h2");
        var volume = (await Lab.DockerAsync(home, "inspect", "-f", "{{(index .Mounts 0).Name}}", first.Id)).Expect(0).Output.Trim();
        var path = (await Lab.DockerAsync(home, "volume", "inspect", "-f", "{{.Mountpoint}}", volume)).Expect(0).Output.Trim();
        await File.WriteAllTextAsync(Path.Combine(path, "diary"), "dear diary");

        await Lab.TellAsync("kill", home);
        await Eventually.HoldsAsync(
            "it says that its home is down", 20, () => Lab.ClusterAsync("explain homely/store"), text =>
                text.Text.Contains("home", StringComparison.OrdinalIgnoreCase)
                && text.Text.Contains(home, StringComparison.Ordinal) && text.Text.Contains("down", StringComparison.OrdinalIgnoreCase));
        Assert.Empty(await Lab.ContainersAsync("homely/store", "h1", other));
        foreach (var host in new[] { "h1", other })
            Assert.DoesNotContain(volume, (await Lab.DockerAsync(host, "volume", "ls", "-q")).Expect(0).Lines);

        await Lab.TellAsync("start", home);
        Assert.Equal(home, Assert.Single(await RunningAsync("homely/store", 1, seconds: 40)).Host);
        Assert.Equal("dear diary", await File.ReadAllTextAsync(Path.Combine(path, "diary")));
    }

    [Fact]
    public async Task Two_nodes_lost_at_once_move_nothing_until_somebody_decides()
    {
        await RunServiceAsync("braked", 3);
        await NamedAsync("braked", 3);
        await Task.WhenAll(Lab.TellAsync("cut", "h2"), Lab.TellAsync("cut", "h3"));
        await Eventually.HoldsAsync(
            "an alarm is raised", 20, () => Lab.ClusterAsync("status"), status => status.ExitCode == 1 && Braked(status));
        // The one that was noticed first may have been replaced before the other was: alone it is no mass loss.
        await Eventually.StaysAsync("the brake holds", 3, () => Lab.ContainersAsync("default/braked", "h1"), found => found.Count <= 2);

        (await Lab.ClusterAsync("node confirm-loss --yes")).Expect(0);
        await Eventually.HoldsAsync(
            "what was lost runs on h1", 15, () => Lab.ContainersAsync("default/braked", "h1"), found =>
                found.Count(it => it.IsRunning) == 3);
    }

    private static bool Braked(CommandResult status) => status.Text.Contains("confirm-loss", StringComparison.Ordinal);
}
