// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Lab.Tests.Harness;
using ClusterManager.Load;

namespace ClusterManager.Lab.Tests.ZeroDowntime;

/// <summary>
/// What an operator does on purpose costs no request: not by DNS, not through a proxy, not of a service with a single replica. In the long
/// form (CLUSTER_TEST_LONG=1) each change is made again and again until 100,000 requests have passed (docs/zero-downtime.md).
/// </summary>
[Collection(WithClients.Name)]
public sealed class ZeroDowntimeTests(ClientsFixture fixture) : LabTest(fixture)
{
    private const int Replicas = 6;
    private static readonly TimeSpan Lead = TimeSpan.FromSeconds(1);

    // The containers drop their connections at the stop signal, as many programs do.
    private const string Careless = "-p 8080 --env WEB_DRAIN_MS=0 --env WEB_GRACE_MS=0";

    /// <inheritdoc/>
    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        var there = (await Lab.ClusterAsync("service ls -o name")).Expect(0).Lines;
        await Task.WhenAll(StandsAsync("web", Replicas, there), StandsAsync("solo", 1, there));
        await fixture.ProxyLeadsAsync();
    }

    /// <summary>The services stay for the next test.</summary>
    public override Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_rolling_update_and_the_way_back_cost_no_request()
    {
        var sums = await UnderTrafficAsync("update", async () =>
        {
            await UpdateAsync("2-hc");
            await UpdateAsync("1-hc");
        });
        Assert.All(sums, sum => Assert.Equal(["1", "2"], sum.Versions.Keys.Order()));
    }

    [Fact]
    public Task Fewer_and_more_replicas_cost_no_request() => UnderTrafficAsync("scale", async () =>
    {
        (await Lab.ClusterAsync("scale web=2")).Expect(0);
        await RunningAsync("web", 2);
        (await Lab.ClusterAsync($"scale web={Replicas}")).Expect(0);
        await RunningAsync("web", Replicas);
    });

    [Fact]
    public Task Drained_nodes_cost_no_request() => UnderTrafficAsync("drain", async () =>
    {
        var host = (await RunningAsync("solo", 1))[0].Host;
        (await Lab.ClusterAsync($"node drain {host} --wait --wait-limit 50s")).Expect(0);
        Assert.DoesNotContain(await Lab.ContainersOnAsync(host, "cluster.service"), one => one.IsRunning);
        (await Lab.ClusterAsync($"node activate {host}")).Expect(0);
        await Task.WhenAll(RunningAsync("web", Replicas), RunningAsync("solo", 1));
    });

    [Fact]
    public Task A_killed_leader_costs_no_request() => UnderTrafficAsync("leader", async () =>
    {
        var before = Lives(await RunningNowAsync("web"));
        var leader = await LeaderAsync();
        await Lab.KillProgramAsync(leader, "manager");
        await Eventually.HoldsAsync("another one leads", 15, LeaderAsync, host => host != leader);
        await WellAsync();
        Assert.Equal(before, Lives(await RunningNowAsync("web")));
    });

    [Fact]
    public Task Restarted_agents_cost_no_request() => UnderTrafficAsync("agents", async () =>
    {
        var before = Lives(await RunningNowAsync("web"));
        foreach (var host in Lab.Hosts)
        {
            await Lab.TellAsync("stop", host, "agent");
            await Lab.TellAsync("start", host, "agent");
        }

        foreach (var host in Lab.Managers) await Lab.KillProgramAsync(host, "agent");
        await WellAsync();
        Assert.Equal(before, Lives(await RunningNowAsync("web")));
    });

    private async Task<IReadOnlyList<LoadSum>> UnderTrafficAsync(string name, Func<Task> change)
    {
        await using var traffic = new Traffic(Lab, name);
        await Task.Delay(Lead, TimeProvider.System);
        do await change();
        while (traffic.IsTimeForMore);
        return await traffic.EndAsync(await fixture.ProxyFiguresAsync());
    }

    private async Task UpdateAsync(string tag)
    {
        var updates = ClientsFixture.Services.Select(service => Lab.ClusterAsync($"service update {service} --image {Image(tag)}"));
        foreach (var update in await Task.WhenAll(updates)) update.Expect(0);
        // The last of the old ones are still on their way out.
        await Task.WhenAll(RunningAsync("web", Replicas), RunningAsync("solo", 1));
    }

    // What an earlier test left, or a failed one, is brought back to its beginning.
    private async Task StandsAsync(string service, int replicas, IReadOnlyList<string> there)
    {
        if (there.Contains(service))
        {
            (await Lab.ClusterAsync($"service update {service} --image {Image("1-hc")}")).Expect(0);
            (await Lab.ClusterAsync($"scale {service}={replicas}")).Expect(0);
            await RunningAsync(service, replicas);
        }
        else
        {
            await RunServiceAsync(service, replicas, Careless);
        }

        await NamedAsync(service, replicas, ClientsFixture.Clients);
    }

    private async Task<string> LeaderAsync()
    {
        var nodes = (await Lab.ClusterAsync("node ls -o json")).Expect(0).Json();
        return nodes.EnumerateArray().Single(node => node.GetProperty("leader").GetBoolean()).GetProperty("name").GetString()!;
    }
}
