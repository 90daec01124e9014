// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul;
using static ClusterManager.Consul.TransactionOperation;

namespace ClusterManager.Shared.Tests.Consul;

/// <summary>What the fence promises, and every refusal told apart, against the real thing.</summary>
[Collection(SingleConsulFixture.Collection)]
[Trait("Category", "Real")]
public sealed class TransactionRealTests(SingleConsulFixture fixture)
{
    private static readonly byte[] One = [1];
    private static readonly byte[] Two = [2];

    [Fact]
    public async Task A_fenced_write_commits_while_the_session_holds_the_lock()
    {
        var session = await HoldAsync("txn/a/lead", "txn-a");

        var result = await CommitAsync(CheckSession("txn/a/lead", session), Cas("txn/a/x", One, 0), Set("txn/a/y", Two));

        var committed = Assert.IsType<TransactionResult.Committed>(result);
        var entry = (await fixture.Client.Kv.GetAsync("txn/a/x", ReadOptions.Consistent, default)).Value!;
        Assert.Equal(entry.ModifyIndex, committed.ModifyIndexOf("txn/a/x"));
        Assert.Equal(entry.ModifyIndex, committed.ModifyIndexOf("txn/a/y"));
        Assert.Equal(One, entry.Value);
        Assert.Null(committed.ModifyIndexOf("txn/a/z"));
    }

    [Fact]
    public async Task A_deposed_writer_writes_nothing()
    {
        var session = await HoldAsync("txn/b/lead", "txn-b");
        await fixture.Client.Sessions.DestroyAsync(session, default);

        AssertRejected(RejectionKind.Session, 0, await CommitAsync(CheckSession("txn/b/lead", session), Set("txn/b/x", One)));

        var other = await HoldAsync("txn/b/lead", "txn-b2");
        AssertRejected(RejectionKind.Session, 0, await CommitAsync(CheckSession("txn/b/lead", session), Set("txn/b/x", One)));
        Assert.Null((await fixture.Client.Kv.GetAsync("txn/b/x", ReadOptions.Consistent, default)).Value);
        Assert.IsType<TransactionResult.Committed>(await CommitAsync(CheckSession("txn/b/lead", other), Set("txn/b/x", One)));
    }

    [Fact]
    public async Task A_lock_that_does_not_exist_is_a_lost_session_too()
    {
        var session = await HoldAsync("txn/c/lead", "txn-c");
        AssertRejected(RejectionKind.Session, 0, await CommitAsync(CheckSession("txn/c/absent", session)));
    }

    [Fact]
    public async Task Each_refusal_has_its_kind_and_its_operation()
    {
        await fixture.Client.Kv.PutAsync("txn/d/x", One, default);

        AssertRejected(RejectionKind.Index, 1, await CommitAsync(Set("txn/d/y", One), CheckIndex("txn/d/x", 1)));
        AssertRejected(RejectionKind.Index, 0, await CommitAsync(CheckIndex("txn/d/absent", 1)));
        AssertRejected(RejectionKind.Index, 1, await CommitAsync(Set("txn/d/y", One), Cas("txn/d/x", Two, 1)));
        AssertRejected(RejectionKind.Index, 0, await CommitAsync(Cas("txn/d/x", Two, 0)));
        AssertRejected(RejectionKind.Exists, 0, await CommitAsync(CheckNotExists("txn/d/x"), Set("txn/d/y", One)));
        AssertRejected(RejectionKind.NotFound, 0, await CommitAsync(Get("txn/d/absent")));
        AssertRejected(RejectionKind.Session, 0, await CommitAsync(Lock("txn/d/l", One, Guid.NewGuid().ToString())));
        Assert.Null((await fixture.Client.Kv.GetAsync("txn/d/y", ReadOptions.Consistent, default)).Value);
    }

    [Fact]
    public async Task A_lost_session_is_told_before_the_stale_index_it_causes()
    {
        await fixture.Client.Kv.PutAsync("txn/e/x", One, default);
        var result = await CommitAsync(CheckIndex("txn/e/x", 1), CheckSession("txn/e/x", Guid.NewGuid().ToString()));
        AssertRejected(RejectionKind.Session, 1, result);
    }

    [Fact]
    public async Task A_key_whose_name_reads_like_a_refusal_misleads_nobody()
    {
        const string key = "txn/f/failed session check index is stale";
        await fixture.Client.Kv.PutAsync(key, One, default);
        AssertRejected(RejectionKind.Exists, 0, await CommitAsync(CheckNotExists(key)));
    }

    [Fact]
    public async Task Reads_deletes_and_locks_work_in_a_transaction()
    {
        var session = await fixture.CreateSessionAsync("txn-g", TimeSpan.FromMinutes(1));
        var locked = await CommitAsync(Lock("txn/g/lead", One, session), Set("txn/g/t/1", One), Set("txn/g/t/2", Two), Set("txn/g/u", One));
        Assert.IsType<TransactionResult.Committed>(locked);

        var read = Assert.IsType<TransactionResult.Committed>(
            await fixture.Client.Transactions.CommitAsync(
                [CheckSession("txn/g/lead", session), GetTree("txn/g/t/"), Get("txn/g/u")], ConsistencyMode.Consistent, default));
        Assert.Equal(["txn/g/lead", "txn/g/t/1", "txn/g/t/2", "txn/g/u"], read.Entries.Select(entry => entry.Key));
        Assert.Equal(Two, read.Entries[2].Value);

        var removed = await CommitAsync(DeleteTree("txn/g/t/"), Delete("txn/g/u"), Unlock("txn/g/lead", Two, session));
        Assert.IsType<TransactionResult.Committed>(removed);
        Assert.Equal(["txn/g/lead"], (await fixture.Client.Kv.KeysAsync("txn/g/", ReadOptions.Consistent, default)).Value);
    }

    [Fact]
    public async Task The_largest_transaction_is_accepted_and_one_byte_more_never_sent()
    {
        // Body = framing + base64: find the largest value that fits, by the measure that the client itself checks with.
        var bytes = (TransactionLimits.BodyBytesMax - TransactionTests.MeasureEmpty("txn/h")) / 4 * 3;
        Assert.IsType<TransactionResult.Committed>(await CommitAsync(Set("txn/h", new byte[bytes])));
        var error = await Assert.ThrowsAsync<TransactionTooLargeException>(() => CommitAsync(Set("txn/h", new byte[bytes + 3])));
        Assert.True(error.BodyBytes > TransactionLimits.BodyBytesMax);

        var operations = Enumerable.Range(0, 64).Select(i => Set($"txn/h/{i}", One)).ToArray();
        Assert.IsType<TransactionResult.Committed>(await CommitAsync(operations));
        await Assert.ThrowsAsync<TransactionTooLargeException>(() => CommitAsync([.. operations, Set("txn/h/64", One)]));
    }

    [Fact]
    public async Task A_dead_nodes_entries_are_removed_under_the_fence()
    {
        var session = await HoldAsync("txn/i/lead", "txn-i");
        var service = new ServiceRegistration { Id = "cluster/default/i/1/1", Name = "txn-i-service", Port = 80 };
        var delete = DeleteService(SingleConsulFixture.NodeName, service.Id, service.Name);
        await fixture.Client.Agent.RegisterServiceAsync(service, default);

        AssertRejected(RejectionKind.Session, 0, await CommitAsync(CheckSession("txn/i/lead", Guid.NewGuid().ToString()), delete));
        Assert.Single((await fixture.Client.Catalog.GetServiceAsync(service.Name, ReadOptions.Consistent, default)).Value);

        Assert.IsType<TransactionResult.Committed>(await CommitAsync(CheckSession("txn/i/lead", session), delete));
        Assert.Empty((await fixture.Client.Catalog.GetServiceAsync(service.Name, ReadOptions.Consistent, default)).Value);
        await fixture.Client.Agent.DeregisterServiceAsync(service.Id, default);
    }

    private static void AssertRejected(RejectionKind kind, int operation, TransactionResult result)
    {
        var rejected = Assert.IsType<TransactionResult.Rejected>(result);
        Assert.True(kind == rejected.Kind, $"expected {kind}, got {rejected}");
        Assert.Equal(operation, rejected.OperationIndex);
    }

    private async Task<string> HoldAsync(string key, string name)
    {
        var session = await fixture.CreateSessionAsync(name, TimeSpan.FromMinutes(1));
        Assert.True(await fixture.Client.Kv.AcquireAsync(key, One, session, default));
        return session;
    }

    private Task<TransactionResult> CommitAsync(params TransactionOperation[] operations) =>
        fixture.Client.Transactions.CommitAsync(operations, ConsistencyMode.Default, default);
}
