// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Lab.Tests.Harness;

namespace ClusterManager.Lab.Tests.Faults;

/// <summary>Containers that end, vanish, or are not ours.</summary>
[Collection(Faulty.Name)]
public sealed class ContainerFaultTests(FaultyFixture fixture) : LabTest(fixture)
{
    [Theory]
    [InlineData("h1")]
    [InlineData("h2")]
    public async Task A_crashed_replica_runs_again_in_place_in_a_moment_and_the_restart_is_counted(string host)
    {
        var service = $"crash-{host}";
        var before = Assert.Single(await RunServiceAsync(service, 1, $"-p 8080 --constraint node.hostname=={host}"));
        var endpoints = await NamedAsync(service, 1);

        await Lab.KillAsync(before.Pid);
        // The promise is below one second; the rest is what looking costs on a busy machine.
        var after = await Eventually.HoldsAsync(
            "it runs again", 2, () => Lab.ContainersAsync($"default/{service}", host), found =>
                found.Any(it => it.IsRunning && it.Pid != before.Pid));
        Assert.Equal(host, after.Single(container => container.IsRunning).Host);
        Assert.Equal(endpoints, await NamedAsync(service, 1));
        await Eventually.HoldsAsync("one restart is counted", 10, () => RestartsAsync(service), count => count == 1);
    }

    [Fact]
    public async Task A_replica_that_crashes_for_ever_is_restarted_less_and_less_and_said_to()
    {
        (await Lab.ClusterAsync($"run --name loops --replicas 1 --timeout 10s -p 8080 {Image("exit1")}")).Expect(1).ExpectText("exit");
        await Eventually.HoldsAsync("its restarts are counted", 15, () => RestartsAsync("loops"), count => count >= 2);
        (await Lab.ClusterAsync("explain loops")).Expect(0).ExpectText("exit");
        (await Lab.ClusterAsync("status")).Expect(1).ExpectText("loops");
    }

    [Fact]
    public async Task A_container_that_was_removed_by_hand_comes_back()
    {
        var before = await RunServiceAsync("removed", 2);
        (await Lab.DockerAsync(before[0].Host, "rm", "-f", before[0].Id)).Expect(0);
        var after = await RunningAsync("removed", 2, seconds: 5);
        Assert.Contains(before[1].Id, Ids(after));
        Assert.DoesNotContain(before[0].Id, Ids(after));
        await NamedAsync("removed", 2);
    }

    [Fact]
    public async Task Containers_of_others_are_never_touched()
    {
        (await Lab.DockerAsync("h3", "pull", "-q", Image("1"))).Expect(0);
        string[] strangers =
        [
            (await Lab.DockerAsync(
                "h3", "run", "-d", "--label", "cluster.id=00000000000000000000000000000001", "--label", "cluster.allocation=1-1-1",
                "--label", "cluster.service=default/strange", Image("1"))).Expect(0).Lines[0],
            (await Lab.DockerAsync("h3", "run", "-d", Image("1"))).Expect(0).Lines[0],
        ];
        try
        {
            await RunServiceAsync("ours", 3);
            await Lab.KillProgramAsync("h3", "agent");
            (await Lab.ClusterAsync("service rm ours")).Expect(0);
            await RunningAsync("ours", 0);
            foreach (var stranger in strangers)
            {
                Assert.Equal("true 0", (await Lab.DockerAsync(
                    "h3", "inspect", "-f", "{{.State.Running}} {{.RestartCount}}", stranger)).Expect(0).Output.Trim());
            }
        }
        finally
        {
            await Lab.DockerAsync("h3", ["rm", "-f", .. strangers]);
        }
    }

    private async Task<int> RestartsAsync(string service)
    {
        var rows = (await Lab.ClusterAsync($"service ps {service} -o json")).Expect(0).Json();
        return rows.EnumerateArray().Max(row => row.GetProperty("restarts").GetInt32());
    }
}
