// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json;
using ClusterManager.Consul;

namespace ClusterManager.Shared.Tests.Consul;

public sealed class TransactionTests
{
    [Theory]
    [InlineData(RejectionKind.Session, "failed session check for key \"lead\", current session \"\" != \"f2\"")]
    [InlineData(RejectionKind.Session, "failed to check session, key \"lead\" doesn't exist")]
    [InlineData(RejectionKind.Session, "failed to lock key \"lead\", lock is already held")]
    [InlineData(RejectionKind.Session, "failed to unlock key \"lead\", lock isn't held, or is held by another session")]
    [InlineData(RejectionKind.Session, "invalid session \"f2\"")]
    [InlineData(RejectionKind.Index, "failed index check for key \"lead\", current modify index 6006 != 1")]
    [InlineData(RejectionKind.Index, "failed to check index, key \"a\" doesn't exist")]
    [InlineData(RejectionKind.Index, "failed to set key \"state/x\", index is stale")]
    [InlineData(RejectionKind.Index, "failed to delete key \"state/x\", index is stale")]
    [InlineData(RejectionKind.Exists, "key \"lead\" exists")]
    [InlineData(RejectionKind.NotFound, "key \"lead\" doesn't exist")]
    [InlineData(RejectionKind.Permission, "Permission denied")]
    [InlineData(RejectionKind.Permission, "Permission denied: token with AccessorID 'x' lacks permission 'key:write' on \"a\"")]
    [InlineData(RejectionKind.Permission, "ACL not found")]
    [InlineData(RejectionKind.Other, "something new")]
    [InlineData(RejectionKind.Exists, "key \"Permission denied, index is stale\" exists")]
    public void A_refusal_is_told_by_its_words(RejectionKind kind, string what) =>
        Assert.Equal(kind, TransactionRejection.Classify(what));

    [Fact]
    public async Task A_409_is_rejected_with_its_operation()
    {
        var result = await AnswerAsync(409, """{"Results":null,"Errors":[{"OpIndex":1,"What":"Permission denied"}]}""");
        var rejected = Assert.IsType<TransactionResult.Rejected>(result);
        Assert.Equal((RejectionKind.Permission, 1), (rejected.Kind, rejected.OperationIndex));
    }

    [Theory]
    [InlineData(500, "leadership lost while committing log", ConsulErrorKind.NoLeader)]
    [InlineData(500, "rpc error making call: leadership lost while committing log", ConsulErrorKind.NoLeader)]
    [InlineData(500, "No cluster leader", ConsulErrorKind.NoLeader)]
    [InlineData(500, "rpc error making call: EOF", ConsulErrorKind.NoLeader)]
    [InlineData(500, "something new", ConsulErrorKind.ServerError)]
    [InlineData(503, "", ConsulErrorKind.ServerError)]
    [InlineData(429, "rate limit exceeded", ConsulErrorKind.Busy)]
    public async Task An_answer_that_is_none_leaves_the_outcome_unknown(int status, string text, ConsulErrorKind kind)
    {
        var unknown = Assert.IsType<TransactionResult.Unknown>(await AnswerAsync(status, text));
        Assert.Equal(kind, unknown.Error.Kind);
    }

    [Theory]
    [InlineData(403, "ACL not found", RejectionKind.Permission)]
    [InlineData(413, "Request body too large", RejectionKind.Other)]
    [InlineData(400, "Failed to parse body", RejectionKind.Other)]
    public async Task A_refusal_of_the_whole_request_names_no_operation(int status, string text, RejectionKind kind)
    {
        var rejected = Assert.IsType<TransactionResult.Rejected>(await AnswerAsync(status, text));
        Assert.Equal((kind, -1, text), (rejected.Kind, rejected.OperationIndex, rejected.Text));
    }

    [Fact]
    public async Task A_200_that_is_no_transactions_answer_leaves_the_outcome_unknown()
    {
        var unknown = Assert.IsType<TransactionResult.Unknown>(await AnswerAsync(200, "<html>"));
        Assert.Equal(ConsulErrorKind.Protocol, unknown.Error.Kind);
    }

    [Fact]
    public async Task Conditions_and_values_are_written_as_Consul_reads_them()
    {
        var handler = new CannedHandler(200, """{"Results":[],"Errors":null}""");
        using var client = new ConsulClient(new ConsulClientOptions(), handler);
        TransactionOperation[] operations =
        [
            TransactionOperation.CheckSession("lead", "s1"),
            TransactionOperation.Cas("a/b c", new byte[] { 0xfb, 0xff }, 7),
            TransactionOperation.Delete("gone"),
        ];

        await client.Transactions.CommitAsync(operations, ConsistencyMode.Consistent, default);

        const string expected = """
            [{"KV":{"Verb":"check-session","Key":"lead","Session":"s1"}},
             {"KV":{"Verb":"cas","Key":"a/b c","Value":"+/8=","Index":7}},
             {"KV":{"Verb":"delete","Key":"gone"}}]
            """;
        var sent = Assert.Single(handler.Requests);
        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(expected).RootElement, JsonDocument.Parse(sent.Body).RootElement), sent.Body);
        // Escaped, a plus would take six bytes of the limit instead of one.
        Assert.Contains("\"+/8=\"", sent.Body, StringComparison.Ordinal);
        Assert.Equal("/v1/txn", sent.PathAndQuery);
    }

    [Theory]
    [InlineData(ConsistencyMode.Consistent, "/v1/txn?consistent")]
    [InlineData(ConsistencyMode.Stale, "/v1/txn?stale")]
    [InlineData(ConsistencyMode.Default, "/v1/txn")]
    public async Task A_transaction_without_a_change_says_how_fresh_the_state_must_be(ConsistencyMode mode, string path)
    {
        var handler = new CannedHandler(200, """{"Results":[],"Errors":null}""");
        using var client = new ConsulClient(new ConsulClientOptions(), handler);
        await client.Transactions.CommitAsync([TransactionOperation.CheckSession("lead", "s1")], mode, default);
        Assert.Equal(path, Assert.Single(handler.Requests).PathAndQuery);
    }

    [Fact]
    public async Task Too_many_operations_are_never_sent()
    {
        var handler = new CannedHandler(200, "{}");
        using var client = new ConsulClient(new ConsulClientOptions(), handler);
        var operations = Enumerable.Range(0, 65).Select(i => TransactionOperation.Delete($"{i}")).ToList();
        await Assert.ThrowsAsync<TransactionTooLargeException>(
            () => client.Transactions.CommitAsync(operations, ConsistencyMode.Default, default));
        await Assert.ThrowsAsync<ArgumentException>(() => client.Transactions.CommitAsync([], ConsistencyMode.Default, default));
        Assert.Empty(handler.Requests);
    }

    [Fact]
    public void A_body_is_measured_as_it_is_sent()
    {
        var empty = MeasureEmpty("key");
        Assert.Equal(empty + 4, ConsulTransactions.MeasureBytes([TransactionOperation.Set("key", new byte[] { 255, 255, 254 })]));
    }

    /// <summary>The bytes of a transaction that sets one key to nothing.</summary>
    internal static int MeasureEmpty(string key) => ConsulTransactions.MeasureBytes([TransactionOperation.Set(key, Array.Empty<byte>())]);

    private static async Task<TransactionResult> AnswerAsync(int status, string body)
    {
        using var client = new ConsulClient(new ConsulClientOptions(), new CannedHandler(status, body));
        var set = TransactionOperation.Set("a", Encoding.UTF8.GetBytes("b"));
        return await client.Transactions.CommitAsync([set], ConsistencyMode.Default, default);
    }
}
