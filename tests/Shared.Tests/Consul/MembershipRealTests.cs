// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul;
using ClusterManager.Consul.Provisioning;

namespace ClusterManager.Shared.Tests.Consul;

/// <summary>How agents become servers and how they go. Slow by Consul's nature: a new server votes after 10 s.</summary>
[Trait("Category", "Real")]
public sealed class MembershipRealTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(25);

    [Fact]
    public async Task A_client_becomes_a_voting_server_and_leaves_for_good()
    {
        await using var server = ConsulProcess.StartServer("grow-1");
        await server.WaitReadyAsync();
        await using var other = ConsulProcess.Start("grow-2", options => options with { RetryJoin = [server.SerfAddress] });
        await other.WaitReadyAsync();
        using var client = server.CreateClient();

        other.Reconfigure(options => options with { IsServer = true });
        await other.WaitReadyAsync(new ReadinessRequest { Voters = ["grow-1", "grow-2"] });
        var raft = await client.Operator.GetRaftServersAsync(ConsistencyMode.Default, default);
        Assert.Equal(["grow-1", "grow-2"], raft.Where(member => member.Voter).Select(member => member.Node).Order());

        // As `cluster node rm` does it: out of the quorum while that still has its majority, then out of the pool.
        await client.Operator.RemoveRaftServerAsync(raft.Single(member => member.Node == "grow-2").Id, default);
        other.Kill();
        await Until.TrueAsync("gossip notices", Soon, async () =>
            (await client.Agent.GetMembersAsync(default)).Any(member => member is { Name: "grow-2", Status: MemberStatus.Failed }));
        await client.Agent.ForceLeaveAsync("grow-2", default);
        Assert.DoesNotContain(await client.Agent.GetMembersAsync(default), member => member.Name == "grow-2");
        Assert.Single(await client.Operator.GetRaftServersAsync(ConsistencyMode.Default, default));
        await client.Kv.PutAsync("grow/x", new byte[] { 1 }, default);
    }

    [Fact]
    public async Task A_client_that_leaves_is_known_to_have_left()
    {
        await using var server = ConsulProcess.StartServer("leave-1");
        await server.WaitReadyAsync();
        await using var other = ConsulProcess.Start("leave-2", options => options with { RetryJoin = [server.SerfAddress] });
        await other.WaitReadyAsync();
        using var leaving = other.CreateClient();
        using var client = server.CreateClient();
        await Until.TrueAsync("both are members", Soon, async () => (await client.Agent.GetMembersAsync(default)).Count == 2);

        await leaving.Agent.LeaveAsync(default);

        await Until.TrueAsync("it has left", Soon, async () =>
            (await client.Agent.GetMembersAsync(default)).All(member => member.Name != "leave-2" || member.Status == MemberStatus.Left));
    }
}
