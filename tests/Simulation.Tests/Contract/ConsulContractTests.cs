// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul;
using static ClusterManager.Consul.TransactionOperation;

namespace ClusterManager.Simulation.Tests.Contract;

/// <summary>
/// What the managers rely on in Consul, asked through the real client of the simulated one and of a real one: where they differ, the
/// simulated one lies. Keys and names are each test's own. This part: keys, locks and transactions.
/// </summary>
public abstract class ConsulContractTests
{
    private static readonly byte[] One = [1];
    private static readonly byte[] Two = [2];

    /// <summary>Tells the story to a Consul whose only node answers.</summary>
    internal abstract Task WithAsync(Func<ConsulBackend, Task> story);

    [Fact]
    public Task A_key_keeps_its_creation_and_each_change_has_a_larger_index() => WithAsync(async consul =>
    {
        Assert.Null((await consul.GetAsync("kv/a")).Value);
        await consul.Kv.PutAsync("kv/a", One, default);
        var first = (await consul.GetAsync("kv/a")).Value!;
        await consul.Kv.PutAsync("kv/a", Two, default);
        var second = (await consul.GetAsync("kv/a")).Value!;
        Assert.Equal(first.CreateIndex, first.ModifyIndex);
        Assert.Equal(first.CreateIndex, second.CreateIndex);
        Assert.True(second.ModifyIndex > first.ModifyIndex);
        Assert.Equal(Two, second.Value);
        Assert.Equal((0UL, null), (second.LockIndex, second.Session));
    });

    [Fact]
    public Task Writing_the_same_value_again_is_no_change() => WithAsync(async consul =>
    {
        await consul.Kv.PutAsync("kv/same", One, default);
        var first = (await consul.GetAsync("kv/same")).Value!;
        await consul.Kv.PutAsync("kv/same", One, default);
        Assert.Equal(first.ModifyIndex, (await consul.GetAsync("kv/same")).Value!.ModifyIndex);
    });

    [Fact]
    public Task A_cas_writes_only_over_what_was_read() => WithAsync(async consul =>
    {
        Assert.True(await consul.Kv.CasAsync("kv/cas", One, 0, default));
        Assert.False(await consul.Kv.CasAsync("kv/cas", Two, 0, default));
        var index = (await consul.GetAsync("kv/cas")).Value!.ModifyIndex;
        Assert.False(await consul.Kv.CasAsync("kv/cas", Two, index + 1, default));
        Assert.True(await consul.Kv.CasAsync("kv/cas", Two, index, default));
        Assert.Equal(Two, (await consul.GetAsync("kv/cas")).Value!.Value);
    });

    [Fact]
    public Task A_prefix_lists_its_keys_in_order_and_a_deleted_one_is_gone() => WithAsync(async consul =>
    {
        foreach (var key in (string[])["kv/p/b", "kv/p/a", "kv/p/a/1", "kv/pq"]) await consul.Kv.PutAsync(key, One, default);
        await consul.Kv.DeleteAsync("kv/p/b", default);
        await consul.Kv.DeleteAsync("kv/p/b", default);
        var listed = await consul.Kv.ListAsync("kv/p/", ReadOptions.Consistent, default);
        Assert.Equal(["kv/p/a", "kv/p/a/1"], listed.Value.Select(entry => entry.Key));
        Assert.Equal(["kv/p/a", "kv/p/a/1"], (await consul.Kv.KeysAsync("kv/p/", ReadOptions.Consistent, default)).Value);
        Assert.Empty((await consul.Kv.ListAsync("kv/none/", ReadOptions.Consistent, default)).Value);
    });

    [Fact]
    public Task A_lock_has_one_holder_and_counts_its_acquisitions() => WithAsync(async consul =>
    {
        var (first, second) = (await consul.SessionAsync("lock-1"), await consul.SessionAsync("lock-2"));
        Assert.True(await consul.Kv.AcquireAsync("lock/a", One, first, default));
        Assert.True(await consul.Kv.AcquireAsync("lock/a", Two, first, default));
        Assert.False(await consul.Kv.AcquireAsync("lock/a", One, second, default));
        var held = (await consul.GetAsync("lock/a")).Value!;
        Assert.Equal((1UL, first), (held.LockIndex, held.Session));
        Assert.Equal(Two, held.Value);
        Assert.False(await consul.Kv.ReleaseAsync("lock/a", One, second, default));
        Assert.True(await consul.Kv.ReleaseAsync("lock/a", One, first, default));
        Assert.True(await consul.Kv.AcquireAsync("lock/a", One, second, default));
        Assert.Equal((2UL, second), ((await consul.GetAsync("lock/a")).Value!.LockIndex, (await consul.GetAsync("lock/a")).Value!.Session));
        await consul.Kv.PutAsync("lock/a", Two, default);
        Assert.Equal(second, (await consul.GetAsync("lock/a")).Value!.Session);
    });

    [Fact]
    public Task A_session_that_is_not_there_locks_nothing() => WithAsync(async consul =>
    {
        var error = await Assert.ThrowsAsync<ConsulException>(
            () => consul.Kv.AcquireAsync("lock/none", One, "00000000-0000-0000-0000-00000000dead", default));
        Assert.Equal(ConsulErrorKind.ServerError, error.Kind);
        Assert.Contains("invalid session", error.Text, StringComparison.OrdinalIgnoreCase);
    });

    [Fact]
    public Task An_ended_session_frees_its_lock_at_once_and_keeps_the_value_and_the_count() => WithAsync(async consul =>
    {
        var (first, second) = (await consul.SessionAsync("free-1"), await consul.SessionAsync("free-2"));
        await consul.Kv.AcquireAsync("lock/free", One, first, default);
        var held = (await consul.GetAsync("lock/free")).Value!;
        await consul.Sessions.DestroyAsync(first, default);
        var free = (await consul.GetAsync("lock/free")).Value!;
        Assert.Equal((1UL, null), (free.LockIndex, free.Session));
        Assert.Equal(One, free.Value);
        Assert.True(free.ModifyIndex > held.ModifyIndex);
        Assert.True(await consul.Kv.AcquireAsync("lock/free", Two, second, default));
        Assert.Equal(2UL, (await consul.GetAsync("lock/free")).Value!.LockIndex);
    });

    [Fact]
    public Task A_fenced_transaction_commits_while_the_lock_is_held_and_all_of_it_has_one_index() => WithAsync(async consul =>
    {
        var session = await consul.HoldAsync("txn/a/lead", "txn-a");
        var done = Assert.IsType<TransactionResult.Committed>(await consul.CommitAsync(
            CheckSession("txn/a/lead", session), Cas("txn/a/version", One, 0), Set("txn/a/x", One), Delete("txn/a/none")));
        Assert.Equal(["txn/a/lead", "txn/a/version", "txn/a/x"], done.Entries.Select(entry => entry.Key));
        Assert.All(done.Entries, entry => Assert.Empty(entry.Value));
        var stored = (await consul.GetAsync("txn/a/version")).Value!;
        Assert.Equal(stored.ModifyIndex, done.ModifyIndexOf("txn/a/version"));
        Assert.Equal(stored.ModifyIndex, done.ModifyIndexOf("txn/a/x"));
        Assert.Equal(1UL, done.Entries[0].LockIndex);
    });

    [Fact]
    public Task A_transaction_is_all_or_nothing_and_names_why_it_was_refused() => WithAsync(async consul =>
    {
        var session = await consul.HoldAsync("txn/b/lead", "txn-b");
        await consul.Kv.PutAsync("txn/b/x", One, default);
        await RefusedAsync(consul, RejectionKind.Index, 1, Set("txn/b/y", One), Cas("txn/b/x", Two, 1));
        await RefusedAsync(consul, RejectionKind.Index, 0, Cas("txn/b/x", Two, 0));
        await RefusedAsync(consul, RejectionKind.Index, 0, CheckIndex("txn/b/x", 1));
        await RefusedAsync(consul, RejectionKind.Index, 0, CheckIndex("txn/b/none", 1));
        await RefusedAsync(consul, RejectionKind.Exists, 0, CheckNotExists("txn/b/x"), Set("txn/b/y", One));
        await RefusedAsync(consul, RejectionKind.NotFound, 0, Get("txn/b/none"));
        await RefusedAsync(consul, RejectionKind.Session, 0, CheckSession("txn/b/none", session));
        await RefusedAsync(consul, RejectionKind.Session, 0, Lock("txn/b/l", One, "00000000-0000-0000-0000-00000000dead"));
        await consul.Sessions.DestroyAsync(session, default);
        await RefusedAsync(consul, RejectionKind.Session, 0, CheckSession("txn/b/lead", session), Set("txn/b/y", One));
        var other = await consul.HoldAsync("txn/b/lead", "txn-b2");
        await RefusedAsync(consul, RejectionKind.Session, 0, CheckSession("txn/b/lead", session), Set("txn/b/y", One));
        await RefusedAsync(consul, RejectionKind.Session, 0, CheckSession("txn/b/lead", session));
        Assert.Null((await consul.GetAsync("txn/b/y")).Value);
        Assert.IsType<TransactionResult.Committed>(await consul.CommitAsync(CheckSession("txn/b/lead", other)));
    });

    [Fact]
    public Task A_lost_session_is_told_before_the_stale_index_it_causes() => WithAsync(async consul =>
    {
        await consul.Kv.PutAsync("txn/c/x", One, default);
        await RefusedAsync(consul, RejectionKind.Session, 1, Cas("txn/c/x", Two, 1), CheckSession("txn/c/x", "nobody"));
    });

    [Fact]
    public Task Locks_reads_and_deletions_work_in_a_transaction() => WithAsync(async consul =>
    {
        var session = await consul.SessionAsync("txn-d");
        Assert.IsType<TransactionResult.Committed>(await consul.CommitAsync(
            Lock("txn/d/lead", One, session), Set("txn/d/t/1", One), Set("txn/d/t/2", Two), Set("txn/d/u", One)));
        var read = Assert.IsType<TransactionResult.Committed>(await consul.CommitAsync(
            CheckSession("txn/d/lead", session), GetTree("txn/d/t/"), Get("txn/d/u")));
        Assert.Equal(["txn/d/lead", "txn/d/t/1", "txn/d/t/2", "txn/d/u"], read.Entries.Select(entry => entry.Key));
        Assert.Equal(Two, read.Entries[2].Value);
        Assert.IsType<TransactionResult.Committed>(await consul.CommitAsync(
            DeleteTree("txn/d/t/"), Delete("txn/d/u"), Unlock("txn/d/lead", Two, session)));
        Assert.Equal(["txn/d/lead"], (await consul.Kv.KeysAsync("txn/d/", ReadOptions.Consistent, default)).Value);
        Assert.Null((await consul.GetAsync("txn/d/lead")).Value!.Session);
    });

    private static async Task RefusedAsync(
        ConsulBackend consul, RejectionKind kind, int operation, params TransactionOperation[] operations)
    {
        var rejected = Assert.IsType<TransactionResult.Rejected>(await consul.CommitAsync(operations));
        Assert.True((kind, operation) == (rejected.Kind, rejected.OperationIndex), $"expected {kind} at {operation}, got {rejected}");
    }
}
