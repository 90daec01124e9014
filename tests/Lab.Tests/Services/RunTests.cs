// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Lab.Tests.Harness;

namespace ClusterManager.Lab.Tests.Services;

/// <summary>From an image to replicas with a name, and back to nothing.</summary>
[Collection(OneManager.Name)]
public sealed class RunTests(OneManagerFixture fixture) : LabTest(fixture)
{
    [Fact]
    public async Task Run_starts_replicas_spread_over_the_hosts_and_gives_them_a_name()
    {
        var containers = await RunServiceAsync("web", 3, tag: "1");
        Assert.Equal(["h1", "h2", "h3"], containers.Select(container => container.Host).Order());

        var endpoints = await NamedAsync("web", 3);
        Assert.Equal(Lab.Hosts.Select(Lab.AddressOf), endpoints.Select(endpoint => endpoint.Address));
        foreach (var endpoint in endpoints) Assert.Equal("1", await VersionAsync(endpoint));
        foreach (var host in Lab.Hosts) Assert.Equal(endpoints, await NamedAsync("web", 3, host));
    }

    [Fact]
    public async Task Run_prints_change_lines_and_no_cursor_codes_when_it_is_piped()
    {
        var result = (await Lab.ClusterAsync($"run --name plain --replicas 2 -p 8080 {Image("1")}")).Expect(0);
        result.ExpectText("plain");
        Assert.DoesNotContain('\u001b', result.Text);
        Assert.Equal(
            result.Error.Split('\n').Where(line => line.Length > 0).Distinct(), result.Error.Split('\n').Where(line => line.Length > 0));
    }

    [Fact]
    public async Task Scale_adds_and_removes_replicas_and_their_names_and_leaves_the_others_alone()
    {
        var before = await RunServiceAsync("scaled", 2);
        (await Lab.ClusterAsync("scale scaled=5")).Expect(0);
        var more = await RunningAsync("scaled", 5);
        Assert.Superset(Lives(before).ToHashSet(), Lives(more).ToHashSet());
        await NamedAsync("scaled", 5);

        (await Lab.ClusterAsync("scale scaled=1")).Expect(0);
        var left = Assert.Single(await RunningAsync("scaled", 1));
        Assert.Contains(left.Id, Ids(more));
        await NamedAsync("scaled", 1);
    }

    [Fact]
    public async Task Zero_replicas_are_a_service_that_runs_nothing()
    {
        (await Lab.ClusterAsync($"run --name none --replicas 0 -p 8080 {Image("1")}")).Expect(0);
        (await Lab.ClusterAsync("service ls -o name")).Expect(0).ExpectText("none");
        Assert.Empty(await Lab.ResolveAsync("none"));
        (await Lab.ClusterAsync("scale none=1")).Expect(0);
        await NamedAsync("none", 1);
        (await Lab.ClusterAsync("scale none=0")).Expect(0);
        await RunningAsync("none", 0);
        await NamedAsync("none", 0);
    }

    [Fact]
    public async Task Rm_removes_containers_and_name()
    {
        await RunServiceAsync("gone", 2);
        (await Lab.ClusterAsync("service rm gone")).Expect(0);
        await NamedAsync("gone", 0);
        await Eventually.HoldsAsync("its containers are removed", 20, () => Lab.ContainersAsync("default/gone"), found => found.Count == 0);
        (await Lab.ClusterAsync("service inspect gone")).Expect(3);
    }

    [Fact]
    public async Task A_health_check_of_the_image_decides_who_is_named()
    {
        await RunServiceAsync("checked", 2);
        await NamedAsync("checked", 2);
        (await Lab.ClusterAsync($"run --name sick --detach --replicas 1 -p 8080 {Image("unhealthy-hc")}")).Expect(0);
        await RunningAsync("sick", 1);
        await Eventually.StaysAsync("an unhealthy replica has no entry", 3, () => Lab.ResolveAsync("sick"), found => found.Count == 0);
    }

    [Theory]
    [InlineData("--health-http 8080/healthz")]
    [InlineData("--health-tcp 8080")]
    public async Task A_probe_by_http_or_tcp_makes_a_replica_healthy(string probe)
    {
        await RunServiceAsync("probed", 2, $"-p 8080 {probe} --health-interval 1s", tag: "1");
        await NamedAsync("probed", 2);
        (await Lab.ClusterAsync("ps probed")).Expect(0).ExpectText(" healthy");
    }

    [Fact]
    public async Task A_replica_that_turns_unhealthy_loses_its_entry()
    {
        const string options = "--replicas 1 -p 8080 --health-http 8080/healthz --health-interval 1s";
        (await Lab.ClusterAsync($"run --name turns {options} {Image("unhealthy-after-5s")}")).Expect(0);
        await NamedAsync("turns", 1);
        await NamedAsync("turns", 0, seconds: 15);
    }

    [Fact]
    public async Task Detach_returns_at_once_and_the_work_goes_on()
    {
        var result = (await Lab.ClusterAsync($"run --name later --detach --replicas 3 -p 8080 {Image("2")}")).Expect(0);
        Assert.True(result.Took < TimeSpan.FromSeconds(3), $"{result}");
        await NamedAsync("later", 3, seconds: 20);
    }

    [Fact]
    public async Task Ctrl_c_detaches_says_so_and_cancels_nothing()
    {
        await using var run = Lab.Start("h1", "cluster", "run", "--name", "slow", "--replicas", "1", "-p", "8080", Image("unhealthy-hc"));
        await RunningAsync("slow", 1);
        run.Interrupt();
        (await run.EndAsync(TimeSpan.FromSeconds(5))).Expect(130).ExpectText("detach");
        Assert.Single(await RunningNowAsync("slow"));
    }
}
