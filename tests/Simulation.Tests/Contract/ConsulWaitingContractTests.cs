// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul;

namespace ClusterManager.Simulation.Tests.Contract;

/// <summary>As <see cref="ConsulContractTests"/>: blocking queries, checks and what ends by them, services.</summary>
public abstract class ConsulWaitingContractTests
{
    private static readonly byte[] One = [1];
    private static readonly byte[] Two = [2];
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);

    /// <summary>Tells the story to a Consul whose only node answers.</summary>
    internal abstract Task WithAsync(Func<ConsulBackend, Task> story);

    [Fact]
    public Task A_blocking_query_wakes_on_a_change_of_its_key_and_only_then() => WithAsync(async consul =>
    {
        await consul.Kv.PutAsync("wait/a", One, default);
        var first = await consul.GetAsync("wait/a");
        Assert.Equal(first.Value!.ModifyIndex, first.Index);
        var waiting = consul.Kv.GetAsync("wait/a", new ReadOptions(ConsistencyMode.Default, first.Index, Long), default);
        await consul.Kv.PutAsync("wait/other", One, default);
        await consul.PauseAsync(TimeSpan.FromMilliseconds(300));
        Assert.False(waiting.IsCompleted);
        await consul.Kv.PutAsync("wait/a", Two, default);
        var second = await waiting;
        Assert.Equal(Two, second.Value!.Value);
        Assert.True(second.Index > first.Index);
    });

    [Fact]
    public Task A_query_whose_wait_runs_out_answers_with_the_same_index() => WithAsync(async consul =>
    {
        await consul.Kv.PutAsync("wait/still", One, default);
        var first = await consul.GetAsync("wait/still");
        var began = consul.Time.GetTimestamp();
        var read = new ReadOptions(ConsistencyMode.Stale, first.Index, TimeSpan.FromMilliseconds(400));
        var second = await consul.Kv.GetAsync("wait/still", read, default);
        Assert.Equal(first.Index, second.Index);
        Assert.InRange(consul.Time.GetElapsedTime(began), TimeSpan.FromMilliseconds(390), TimeSpan.FromSeconds(3));
    });

    [Fact]
    public Task A_query_of_an_absent_key_wakes_when_it_is_made_and_one_of_a_key_when_it_is_deleted() => WithAsync(async consul =>
    {
        await consul.Kv.PutAsync("wait/c/x", One, default);
        var absent = await consul.GetAsync("wait/c/y");
        Assert.Null(absent.Value);
        var waiting = consul.Kv.GetAsync("wait/c/y", new ReadOptions(ConsistencyMode.Stale, absent.Index, Long), default);
        await consul.Kv.PutAsync("wait/c/y", Two, default);
        var made = await waiting;
        Assert.Equal(Two, made.Value!.Value);
        waiting = consul.Kv.GetAsync("wait/c/y", new ReadOptions(ConsistencyMode.Stale, made.Index, Long), default);
        await consul.Kv.DeleteAsync("wait/c/y", default);
        Assert.Null((await waiting).Value);
    });

    [Fact]
    public Task A_query_of_a_prefix_wakes_on_changes_below_it_deletions_included() => WithAsync(async consul =>
    {
        await consul.Kv.PutAsync("wait/d/x", One, default);
        await consul.Kv.PutAsync("wait/d/y", One, default);
        var first = await consul.Kv.ListAsync("wait/d/", ReadOptions.Consistent, default);
        var waiting = consul.Kv.ListAsync("wait/d/", new ReadOptions(ConsistencyMode.Default, first.Index, Long), default);
        await consul.Kv.DeleteAsync("wait/d/x", default);
        var second = await waiting;
        Assert.Equal(["wait/d/y"], second.Value.Select(entry => entry.Key));
        Assert.True(second.Index > first.Index);
    });

    [Fact]
    public Task A_check_that_is_not_beaten_ends_its_session_and_frees_the_lock_to_those_who_wait() => WithAsync(async consul =>
    {
        var session = await consul.SessionAsync("beaten", TimeSpan.FromSeconds(2));
        await consul.Kv.AcquireAsync("wait/lead", One, session, default);
        var held = await consul.GetAsync("wait/lead");
        for (var beat = 0; beat < 6; beat++)
        {
            await consul.PauseAsync(TimeSpan.FromMilliseconds(500));
            await consul.Agent.UpdateCheckAsync("beaten", CheckStatus.Passing, "", default);
        }

        Assert.Equal(session, (await consul.GetAsync("wait/lead")).Value!.Session);
        var beaten = consul.Time.GetTimestamp();
        var free = await consul.Kv.GetAsync("wait/lead", new ReadOptions(ConsistencyMode.Stale, held.Index, Long), default);
        Assert.Null(free.Value!.Session);
        Assert.InRange(consul.Time.GetElapsedTime(beaten), TimeSpan.FromSeconds(1.8), TimeSpan.FromSeconds(4));
        Assert.Null((await consul.Sessions.GetAsync(session, ReadOptions.Consistent, default)).Value);
    });

    [Fact]
    public Task A_check_that_says_critical_or_is_taken_away_ends_its_session_at_once() => WithAsync(async consul =>
    {
        var first = await consul.SessionAsync("says-critical");
        await consul.Agent.UpdateCheckAsync("says-critical", CheckStatus.Critical, "", default);
        await consul.UntilAsync(async () => (await consul.Sessions.GetAsync(first, ReadOptions.Consistent, default)).Value is null);
        var second = await consul.SessionAsync("taken-away");
        await consul.Agent.DeregisterServiceAsync("holder-taken-away", default);
        await consul.UntilAsync(async () => (await consul.Sessions.GetAsync(second, ReadOptions.Consistent, default)).Value is null);
    });

    [Fact]
    public Task A_session_needs_checks_that_are_there_and_not_critical() => WithAsync(async consul =>
    {
        await consul.SessionAsync("warm"); // serfHealth is there
        var missing = await Assert.ThrowsAsync<ConsulException>(
            () => consul.Sessions.CreateAsync(new SessionRequest { NodeChecks = ["serfHealth", "nope"] }, default));
        Assert.Contains("Missing check 'nope' registration", missing.Text, StringComparison.Ordinal);
        await consul.RegisterAsync("sick", CheckStatus.Critical);
        var critical = await Assert.ThrowsAsync<ConsulException>(
            () => consul.Sessions.CreateAsync(new SessionRequest { ServiceChecks = ["sick"] }, default));
        Assert.Equal((ConsulErrorKind.ServerError, missing.Kind), (critical.Kind, missing.Kind));
        Assert.Contains("critical", critical.Text, StringComparison.Ordinal);
    });

    [Fact]
    public Task A_check_that_is_registered_again_keeps_what_it_says() => WithAsync(async consul =>
    {
        await consul.RegisterAsync("again", CheckStatus.Critical);
        await consul.RegisterAsync("again", CheckStatus.Passing);
        Assert.Equal(CheckStatus.Critical, (await consul.Agent.GetChecksAsync(default))["again"].Status);
        await consul.Agent.UpdateCheckAsync("again", CheckStatus.Passing, "", default);
        await consul.RegisterAsync("again", CheckStatus.Critical);
        Assert.Equal(CheckStatus.Passing, (await consul.Agent.GetChecksAsync(default))["again"].Status);
    });

    [Fact]
    public Task A_beat_for_a_check_that_is_not_there_is_refused() => WithAsync(async consul =>
    {
        var error = await Assert.ThrowsAsync<ConsulException>(
            () => consul.Agent.UpdateCheckAsync("nobody", CheckStatus.Passing, "", default));
        Assert.True(ConsulAgent.IsUnknownCheck(error), error.Text);
        await consul.Agent.DeregisterServiceAsync("nobody", default);
        await consul.Agent.DeregisterCheckAsync("nobody", default);
    });

    [Fact]
    public Task Only_instances_whose_checks_all_pass_are_answered_to_callers() => WithAsync(async consul =>
    {
        await consul.RegisterAsync("shown", CheckStatus.Critical);
        Assert.Empty(await PassingAsync(consul, "holder-shown"));
        Assert.Single((await consul.Catalog.GetServiceAsync("holder-shown", ReadOptions.Consistent, default)).Value);
        await consul.Agent.UpdateCheckAsync("shown", CheckStatus.Passing, "", default);
        await consul.UntilAsync(async () => (await PassingAsync(consul, "holder-shown")).Count == 1);
        await consul.Agent.RegisterCheckAsync(new TtlCheck { Id = "of-node", Ttl = TimeSpan.FromMinutes(1) }, default);
        await consul.UntilAsync(async () => (await PassingAsync(consul, "holder-shown")).Count == 0);
        await consul.Agent.DeregisterCheckAsync("of-node", default);
        await consul.UntilAsync(async () => (await PassingAsync(consul, "holder-shown")).Count == 1);
        await consul.Agent.DeregisterServiceAsync("holder-shown", default);
        await consul.UntilAsync(async () =>
            (await consul.Catalog.GetServiceAsync("holder-shown", ReadOptions.Consistent, default)).Value.Count == 0);
        Assert.DoesNotContain("shown", (await consul.Agent.GetChecksAsync(default)).Keys);
    });

    [Fact]
    public Task A_leader_removes_an_entry_of_the_catalog_only_behind_its_fence() => WithAsync(async consul =>
    {
        var session = await consul.HoldAsync("txn/i/lead", "txn-i");
        await consul.RegisterAsync("dead", CheckStatus.Passing);
        var delete = TransactionOperation.DeleteService(consul.Node, "holder-dead", "holder-dead");
        var refused = await consul.CommitAsync(TransactionOperation.CheckSession("txn/i/lead", "nobody"), delete);
        Assert.Equal(RejectionKind.Session, Assert.IsType<TransactionResult.Rejected>(refused).Kind);
        Assert.Single((await consul.Catalog.GetServiceAsync("holder-dead", ReadOptions.Consistent, default)).Value);
        Assert.IsType<TransactionResult.Committed>(
            await consul.CommitAsync(TransactionOperation.CheckSession("txn/i/lead", session), delete));
        Assert.Empty((await consul.Catalog.GetServiceAsync("holder-dead", ReadOptions.Consistent, default)).Value);
    });

    [Fact]
    public Task The_checks_of_all_nodes_say_who_is_seen_by_gossip_and_wake_on_a_change() => WithAsync(async consul =>
    {
        await consul.SessionAsync("state"); // serfHealth is there
        var first = await consul.Health.GetStateAsync(null, ReadOptions.Stale, default);
        Assert.Contains(first.Value, check => check is { Id: "serfHealth", Status: CheckStatus.Passing } && check.Node == consul.Node);
        var waiting = consul.Health.GetStateAsync(null, new ReadOptions(ConsistencyMode.Stale, first.Index, Long), default);
        await consul.Agent.UpdateCheckAsync("state", CheckStatus.Critical, "", default);
        var second = await waiting;
        Assert.True(second.Index > first.Index);
    });

    [Fact]
    public Task Checks_are_filtered_by_one_field() => WithAsync(async consul =>
    {
        await consul.SessionAsync("cluster/filtered"); // serfHealth is there
        var serf = await consul.Health.GetFilteredAsync("CheckID == \"serfHealth\"", ReadOptions.Stale, default);
        Assert.Equal([consul.Node], serf.Value.Select(check => check.Node));
        var ours = await consul.Health.GetFilteredAsync("ServiceID matches \"^holder-cluster/\"", ReadOptions.Consistent, default);
        Assert.Equal([("cluster/filtered", "holder-cluster/filtered")], ours.Value.Select(check => (check.Id, check.ServiceId)));
    });

    private static async Task<IReadOnlyList<ServiceHealth>> PassingAsync(ConsulBackend consul, string name) =>
        (await consul.Health.GetServiceAsync(name, passingOnly: true, ReadOptions.Consistent, default)).Value;
}
