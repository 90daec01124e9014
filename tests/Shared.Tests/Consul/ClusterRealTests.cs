// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul;
using ClusterManager.Consul.Provisioning;
using static ClusterManager.Consul.TransactionOperation;

namespace ClusterManager.Shared.Tests.Consul;

/// <summary>What a client sees while Consul loses its leader, its quorum, or its agent's attention.</summary>
[Trait("Category", "Real")]
public sealed class ClusterRealTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(25);

    [Fact]
    public async Task A_writer_outlives_Consuls_leader_and_a_dead_hosts_lock_passes_on()
    {
        await using var cluster = await ConsulCluster.StartAsync("lead-");
        var leader = await cluster.FindLeaderAsync();
        var survivor = cluster.Servers.First(server => server != leader);
        using var client = survivor.CreateClient(timeout: TimeSpan.FromSeconds(1));
        using var doomed = leader.CreateClient();
        var session = await LockAsync(client, "lead/writer");
        await LockAsync(doomed, "lead/doomed");

        leader.Kill();
        var (unknowns, version) = await WriteUntilCommittedAsync(client, session);

        Assert.NotEmpty(unknowns);
        Assert.All(unknowns, error => Assert.True(error.IsTransient && !error.ChangedNothing, error.Message));
        Assert.Equal(version, (await client.Kv.GetAsync("lead/version", ReadOptions.Consistent, default)).Value!.ModifyIndex);
        Assert.Equal(session, (await client.Kv.GetAsync("lead/writer", ReadOptions.Consistent, default)).Value!.Session);

        // The dead host's session ends by gossip alone.
        var heir = await client.Sessions.CreateAsync(new SessionRequest(), default);
        await Until.TrueAsync("the dead host's lock passes on", Soon, () =>
            client.Kv.AcquireAsync("lead/doomed", new byte[] { 2 }, heir, default));

        // It still belongs to the quorum, comes back as a voter, and leaves only when an operator says so.
        var members = await client.Operator.GetRaftServersAsync(ConsistencyMode.Default, default);
        Assert.Equal(3, members.Count(server => server.Voter));
        leader.Restart();
        await leader.WaitReadyAsync(new ReadinessRequest { Voters = [leader.Options.NodeName] });
        leader.Kill();
        await client.Operator.RemoveRaftServerAsync(members.Single(server => server.Node == leader.Options.NodeName).Id, default);
        Assert.Equal(2, (await client.Operator.GetRaftServersAsync(ConsistencyMode.Default, default)).Count);
    }

    [Fact]
    public async Task Without_a_quorum_writes_are_unknown_and_stale_reads_still_answer()
    {
        await using var cluster = await ConsulCluster.StartAsync("quorum-");
        var last = cluster.Servers[2];
        // Longer than the 7 s for which Consul itself waits for a leader (rpc_hold_timeout), so that its own words come.
        using var client = last.CreateClient(timeout: TimeSpan.FromSeconds(15));
        await client.Kv.PutAsync("quorum/x", new byte[] { 1 }, default);
        await Until.TrueAsync("the last server has the key", Soon, async () =>
            (await client.Kv.GetAsync("quorum/x", ReadOptions.Stale, default)).Value is not null);
        cluster.Servers[0].Kill();
        cluster.Servers[1].Kill();

        await Until.TrueAsync("the loss is noticed", Soon, async () => (await client.Operator.GetLeaderAsync(default)).Length == 0);
        var unknown = Assert.IsType<TransactionResult.Unknown>(
            await client.Transactions.CommitAsync([Set("quorum/x", new byte[] { 2 })], ConsistencyMode.Default, default));
        Assert.True(unknown.Error.Kind == ConsulErrorKind.NoLeader, unknown.Error.Message);

        var stale = await client.Kv.GetAsync("quorum/x", ReadOptions.Stale, default);
        Assert.Equal([1], stale.Value!.Value);
        Assert.False(stale.KnownLeader);
        var ready = await ConsulReadiness.WaitAsync(client, new ReadinessRequest { Timeout = TimeSpan.FromMilliseconds(300) }, default);
        Assert.Equal(new ReadinessResult(false, "after 0.3 s: the Consul servers have no leader"), ready);
    }

    [Fact]
    public async Task A_frozen_agent_leaves_the_outcome_unknown_until_it_goes_on()
    {
        await using var consul = ConsulProcess.StartServer("frozen");
        await consul.WaitReadyAsync();
        using var client = consul.CreateClient(timeout: TimeSpan.FromMilliseconds(500));
        await client.Kv.PutAsync("frozen/x", new byte[] { 1 }, default);

        consul.Freeze();
        var unknown = Assert.IsType<TransactionResult.Unknown>(
            await client.Transactions.CommitAsync([Cas("frozen/y", new byte[] { 2 }, 0)], ConsistencyMode.Default, default));
        Assert.Equal(ConsulErrorKind.Timeout, unknown.Error.Kind);
        consul.Thaw();

        // The request that nobody waits for any more may be carried out all the same: only a write of one's own settles it.
        TransactionOperation[] refused = [Cas("frozen/x", new byte[] { 3 }, 0), Set("frozen/z", new byte[] { 1 })];
        await Until.TrueAsync("the agent answers again", Soon, async () =>
            await client.Transactions.CommitAsync(refused, ConsistencyMode.Default, default)
                is TransactionResult.Rejected { Kind: RejectionKind.Index });
    }

    private static async Task<string> LockAsync(ConsulClient client, string key)
    {
        var session = "";
        await Until.TrueAsync($"{key} is locked", Soon, async () =>
        {
            try
            {
                session = await client.Sessions.CreateAsync(new SessionRequest(), default);
                return await client.Kv.AcquireAsync(key, new byte[] { 1 }, session, default);
            }
            catch (ConsulException error) when (error.IsTransient)
            {
                return false;
            }
        });
        return session;
    }

    /// <summary>Commits under the fence until one commit has failed to answer and a later one has succeeded.</summary>
    private static async Task<(List<ConsulException> Unknowns, ulong Version)> WriteUntilCommittedAsync(ConsulClient client, string session)
    {
        var unknowns = new List<ConsulException>();
        ulong? version = null;
        await Until.TrueAsync("a commit succeeds after the leader's death", Soon, async () =>
        {
            var result = await client.Transactions.CommitAsync(
                [CheckSession("lead/writer", session), Set("lead/version", new byte[] { 1 })], ConsistencyMode.Default, default);
            Assert.False(result is TransactionResult.Rejected, result.ToString());
            if (result is TransactionResult.Unknown unknown)
                unknowns.Add(unknown.Error);
            version = (result as TransactionResult.Committed)?.ModifyIndexOf("lead/version");
            return unknowns.Count > 0 && version is not null;
        });
        return (unknowns, version!.Value);
    }
}
