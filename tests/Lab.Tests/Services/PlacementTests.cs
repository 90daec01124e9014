// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Lab.Tests.Harness;

namespace ClusterManager.Lab.Tests.Services;

/// <summary>Where replicas may go, and what is said when they may go nowhere.</summary>
[Collection(OneManager.Name)]
public sealed class PlacementTests(OneManagerFixture fixture) : LabTest(fixture)
{
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task A_constraint_keeps_replicas_on_the_nodes_that_meet_it()
    {
        var containers = await RunServiceAsync("kept", 2, "-p 8080 --constraint node.hostname==h2");
        Assert.All(containers, container => Assert.Equal("h2", container.Host));
        containers = await RunServiceAsync("apart", 2, "-p 8080 --constraint node.hostname!=h2");
        Assert.DoesNotContain(containers, container => container.Host == "h2");
    }

    [Fact]
    public async Task A_constraint_that_no_node_meets_fails_at_once_with_each_nodes_rule()
    {
        var result = (await Lab.ClusterAsync($"run --name nowhere --replicas 2 --constraint node.labels.disk==ssd {Image("1")}")).Expect(5);
        result.ExpectText("node.labels.disk", "and 2 more");
        Assert.True(result.Took < AtOnce, $"{result}");
        (await Lab.ClusterAsync("explain nowhere")).Expect(0).ExpectText("h1", "h2", "h3", "disk");
        (await Lab.ClusterAsync("status")).Expect(1).ExpectText("nowhere");
    }

    [Fact]
    public async Task A_label_that_makes_a_node_fit_places_what_waited_for_it()
    {
        (await Lab.ClusterAsync($"run --name waits --replicas 1 --constraint node.labels.lab==yes {Image("1")}")).Expect(5);
        (await Lab.ClusterAsync("node label h3 lab=yes")).Expect(0);
        Assert.Equal("h3", Assert.Single(await RunningAsync("waits", 1)).Host);
    }

    [Fact]
    public async Task More_memory_than_any_node_has_is_said_with_numbers()
    {
        var result = (await Lab.ClusterAsync($"run --name huge --replicas 1 --reserve-memory 4TB {Image("1")}")).Expect(5);
        result.ExpectText("h1", "h2", "h3", "4.0 TB");
        Assert.True(result.Took < AtOnce, $"{result}");
    }

    [Fact]
    public async Task A_fixed_port_is_held_on_each_node_that_runs_a_replica()
    {
        await RunServiceAsync("first", 3, "-p 8099:8080");
        Assert.All(await NamedAsync("first", 3), endpoint => Assert.Equal(8099, endpoint.Port));
        var second = await Lab.ClusterAsync($"run --name second --replicas 1 --timeout 30s -p 8099:8080 {Image("1")}");
        second.Expect(5).ExpectText("8099", "first");
        // Its holder is given some seconds to leave.
        Assert.True(second.Took < 2 * AtOnce, $"{second}");
    }

    [Fact]
    public async Task A_port_that_something_else_listens_on_fails_at_once()
    {
        var listeners = Lab.Hosts.Select(host => Lab.Start(host, "python3", "-m", "http.server", "8098")).ToList();
        try
        {
            foreach (var host in Lab.Hosts)
            {
                await Eventually.HoldsAsync(
                    $"port 8098 of {host} is held", 10, () =>
                        Lab.RunAsync(host, "curl", "-s", "-o", "/dev/null", "http://127.0.0.1:8098/"), curl => curl.ExitCode == 0);
            }
            var result = await Lab.ClusterAsync($"run --name taken --replicas 1 -p 8098:8080 {Image("1")}");
            Assert.True(result.ExitCode is 1 or 5, $"{result}");
            result.ExpectText("8098");
            Assert.True(result.Took < AtOnce, $"{result}");
        }
        finally
        {
            foreach (var listener in listeners) await listener.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_global_service_runs_once_on_every_node()
    {
        (await Lab.ClusterAsync($"run --name everywhere --mode global -p 8080 {Image("1")}")).Expect(0);
        Assert.Equal(["h1", "h2", "h3"], (await RunningAsync("everywhere", 3)).Select(container => container.Host).Order());
        await NamedAsync("everywhere", 3);
    }
}
