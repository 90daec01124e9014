// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Consul;

namespace ClusterManager.Shared.Tests.Consul;

[Collection(SingleConsulFixture.Collection)]
[Trait("Category", "Real")]
public sealed class ServiceRealTests(SingleConsulFixture fixture)
{
    private readonly ConsulClient _client = fixture.Client;

    [Fact]
    public async Task A_service_is_hidden_until_it_passes_and_gone_when_deregistered()
    {
        var service = new ServiceRegistration
        {
            Id = "cluster/shop/web/1/1",
            Name = "service-web",
            Address = "127.0.0.9",
            Port = 8080,
            Tags = ["v1"],
            Meta = ImmutableSortedDictionary<string, string>.Empty.Add("allocation", "1"),
            Weight = 3,
            Checks = [new TtlCheck { Id = "cluster/shop/web/1/1/ttl", Ttl = TimeSpan.FromSeconds(1) }],
        };
        await _client.Agent.RegisterServiceAsync(service, default);
        Assert.Empty(await PassingAsync(service.Name));
        Assert.False(Assert.Single(await InstancesAsync(service.Name)).IsPassing);

        await _client.Agent.UpdateCheckAsync(service.Checks[0].Id, CheckStatus.Passing, "200 OK", default);
        var instance = Assert.Single(await PassingAsync(service.Name));
        Assert.Equal(("127.0.0.9", 8080), (instance.Address, instance.Service.Port));
        Assert.Equal(SingleConsulFixture.NodeName, instance.Node.Name);
        Assert.Equal(["v1"], instance.Service.Tags);
        Assert.Equal("1", instance.Service.Meta["allocation"]);

        // Nobody beats: critical again after its time.
        await Until.TrueAsync("the TTL runs out", TimeSpan.FromSeconds(3), async () => (await PassingAsync(service.Name)).Count == 0);

        await _client.Agent.DeregisterServiceAsync(service.Id, default);
        await _client.Agent.DeregisterServiceAsync(service.Id, default);
        Assert.Empty(await InstancesAsync(service.Name));
        Assert.DoesNotContain(service.Checks[0].Id, (await _client.Agent.GetChecksAsync(default)).Keys);
    }

    [Fact]
    public async Task Registering_again_replaces_the_service_with_its_checks()
    {
        var first = new ServiceRegistration
        {
            Id = "service-again",
            Name = "service-again",
            Port = 1,
            Checks = [new TtlCheck { Id = "service-again-old", Ttl = TimeSpan.FromMinutes(1) }],
        };
        await _client.Agent.RegisterServiceAsync(first, default);
        await _client.Agent.RegisterServiceAsync(
            first with { Port = 2, Checks = [new TtlCheck { Id = "service-again-new", Ttl = TimeSpan.FromMinutes(1) }] }, default);

        Assert.Equal(2, (await _client.Agent.GetServicesAsync(default))["service-again"].Port);
        var checks = await _client.Agent.GetChecksAsync(default);
        Assert.Contains("service-again-new", checks.Keys);
        Assert.DoesNotContain("service-again-old", checks.Keys);
        await _client.Agent.DeregisterServiceAsync("service-again", default);
        Assert.DoesNotContain("service-again", (await _client.Agent.GetServicesAsync(default)).Keys);
    }

    [Fact]
    public async Task The_agent_the_catalog_and_the_quorum_describe_themselves()
    {
        var self = await _client.Agent.GetSelfAsync(default);
        Assert.True(self.Server);
        Assert.Equal(SingleConsulFixture.NodeName, self.NodeName);
        Assert.NotEmpty(self.Version);
        Assert.NotEmpty(self.NodeID);

        var member = Assert.Single(await _client.Agent.GetMembersAsync(default));
        Assert.Equal(MemberStatus.Alive, member.Status);
        Assert.True(member.IsServer);

        await Until.TrueAsync("the server registers itself", TimeSpan.FromSeconds(10), async () =>
            (await _client.Health.GetNodeAsync(SingleConsulFixture.NodeName, ReadOptions.Consistent, default)).Value
                .Any(check => check.Id == "serfHealth" && check.Status == CheckStatus.Passing));
        Assert.Equal("127.0.0.1", Assert.Single((await _client.Catalog.GetNodesAsync(ReadOptions.Default, default)).Value).Address);
        Assert.Contains("consul", (await _client.Catalog.GetServicesAsync(ReadOptions.Default, default)).Value.Keys);
        Assert.Contains(
            (await _client.Health.GetStateAsync(CheckStatus.Passing, ReadOptions.Default, default)).Value,
            check => check.Id == "serfHealth");

        var server = Assert.Single(await _client.Operator.GetRaftServersAsync(ConsistencyMode.Default, default));
        Assert.True(server is { Leader: true, Voter: true });
        Assert.Equal(server.Address, await _client.Operator.GetLeaderAsync(default));
        Assert.Equal([server.Address], await _client.Operator.GetPeersAsync(default));
    }

    [Fact]
    public async Task A_critical_check_of_the_node_hides_every_service_on_it_and_one_of_a_service_only_its_own()
    {
        var good = new ServiceRegistration { Id = "service-good", Name = "service-good", Port = 1 };
        var sick = new ServiceRegistration
        {
            Id = "service-sick",
            Name = "service-sick",
            Checks = [new TtlCheck { Id = "service-sick-ttl", Ttl = TimeSpan.FromMinutes(1) }],
        };
        await _client.Agent.RegisterServiceAsync(good, default);
        await _client.Agent.RegisterServiceAsync(sick, default);
        Assert.Empty(await PassingAsync(sick.Name));
        Assert.Single(await PassingAsync(good.Name));

        await _client.Agent.RegisterCheckAsync(new TtlCheck { Id = "service-node", Ttl = TimeSpan.FromMinutes(1) }, default);
        Assert.Empty(await PassingAsync(good.Name));

        await _client.Agent.DeregisterCheckAsync("service-node", default);
        Assert.Single(await PassingAsync(good.Name));
        await _client.Agent.DeregisterServiceAsync(good.Id, default);
        await _client.Agent.DeregisterServiceAsync(sick.Id, default);
    }

    [Fact]
    public async Task A_reload_is_accepted_and_an_absent_node_deregisters_as_well()
    {
        await _client.Agent.ReloadAsync(default);
        await _client.Catalog.DeregisterAsync("service-ghost", "web", default);
        await _client.Catalog.DeregisterAsync("service-ghost", null, default);
    }

    private async Task<IReadOnlyList<ServiceHealth>> PassingAsync(string name) =>
        (await _client.Health.GetServiceAsync(name, passingOnly: true, ReadOptions.Consistent, default)).Value;

    private async Task<IReadOnlyList<ServiceHealth>> InstancesAsync(string name) =>
        (await _client.Health.GetServiceAsync(name, passingOnly: false, ReadOptions.Consistent, default)).Value;
}
