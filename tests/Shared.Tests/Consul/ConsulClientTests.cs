// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using ClusterManager.Consul;

namespace ClusterManager.Shared.Tests.Consul;

public sealed class ConsulClientTests
{
    private const string Secret = "3f2b7c1e-canary-4d55-9c0e-5a1b2c3d4e5f";

    [Theory]
    [InlineData(403, "Permission denied", ConsulErrorKind.PermissionDenied)]
    [InlineData(404, "", ConsulErrorKind.NotFound)]
    [InlineData(400, "bad", ConsulErrorKind.BadRequest)]
    [InlineData(413, "large", ConsulErrorKind.BadRequest)]
    [InlineData(429, "slow", ConsulErrorKind.Busy)]
    [InlineData(500, "No cluster leader", ConsulErrorKind.NoLeader)]
    [InlineData(500, "No known Consul servers", ConsulErrorKind.NoLeader)]
    [InlineData(500, "rpc error getting client: failed to get conn: dial tcp: connect: connection refused", ConsulErrorKind.NoLeader)]
    [InlineData(500, "Missing check 'nope' registration", ConsulErrorKind.ServerError)]
    [InlineData(301, "", ConsulErrorKind.Protocol)]
    public async Task A_status_becomes_a_kind(int status, string text, ConsulErrorKind kind)
    {
        using var client = new ConsulClient(new ConsulClientOptions(), new CannedHandler(status, text));
        var error = await Assert.ThrowsAsync<ConsulException>(() => client.Agent.GetSelfAsync(default));
        Assert.Equal((kind, status), (error.Kind, error.Status));
        Assert.Contains("GET /v1/agent/self", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_is_sent_as_it_is_now_and_never_told()
    {
        var handler = new CannedHandler(500, $"token {Secret} is\nno good " + new string('x', 1000));
        var token = Secret;
        using var client = new ConsulClient(new ConsulClientOptions { Token = () => token }, handler);

        var error = await Assert.ThrowsAsync<ConsulException>(() => client.Agent.SetTokenAsync(AgentTokenKind.Agent, Secret, default));
        token = "next";
        await Assert.ThrowsAsync<ConsulException>(() => client.Agent.GetSelfAsync(default));

        Assert.Equal([Secret, "next"], handler.Requests.Select(request => request.Token));
        Assert.DoesNotContain(Secret, error.ToString(), StringComparison.Ordinal);
        Assert.True(error.Message.Length < 400);
        Assert.DoesNotContain(Secret, new AclToken { AccessorId = "a", SecretId = Secret }.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_that_is_not_there_is_unreachable()
    {
        using var client = new ConsulClient(new ConsulClientOptions { Address = new Uri($"http://127.0.0.1:{FreePorts.Take(1)[0]}") });
        var error = await Assert.ThrowsAsync<ConsulException>(() => client.Agent.GetSelfAsync(default));
        Assert.Equal(ConsulErrorKind.Unreachable, error.Kind);
        Assert.True(error is { ChangedNothing: true, IsTransient: true });
        var unknown = await client.Transactions.CommitAsync([TransactionOperation.Delete("a")], ConsistencyMode.Default, default);
        Assert.True(Assert.IsType<TransactionResult.Unknown>(unknown).Error.ChangedNothing);
    }

    [Fact]
    public async Task An_agent_that_does_not_answer_times_out_and_a_cancelled_call_is_cancelled()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var options = new ConsulClientOptions
        {
            Address = new Uri($"http://{listener.LocalEndpoint}"),
            Timeout = TimeSpan.FromMilliseconds(200),
        };
        using var client = new ConsulClient(options);
        var error = await Assert.ThrowsAsync<ConsulException>(() => client.Agent.GetSelfAsync(default));
        Assert.Equal(ConsulErrorKind.Timeout, error.Kind);
        Assert.False(error.ChangedNothing);

        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => client.Transactions.CommitAsync([TransactionOperation.Delete("a")], ConsistencyMode.Default, stop.Token));
    }

    [Fact]
    public async Task A_connection_that_ends_without_an_answer_leaves_the_outcome_unknown()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new ConsulClient(new ConsulClientOptions { Address = new Uri($"http://{listener.LocalEndpoint}") });
        var commit = client.Transactions.CommitAsync([TransactionOperation.Delete("a")], ConsistencyMode.Default, default);
        using (var socket = await listener.AcceptSocketAsync())
        {
            await socket.ReceiveAsync(new byte[4096]);
        }

        var error = Assert.IsType<TransactionResult.Unknown>(await commit).Error;
        Assert.Equal(ConsulErrorKind.ConnectionLost, error.Kind);
        Assert.False(error.ChangedNothing);
    }

    [Fact]
    public async Task An_answer_larger_than_allowed_is_not_read()
    {
        using var client = new ConsulClient(new ConsulClientOptions { AnswerBytesMax = 100 }, new CannedHandler(200, new string(' ', 101)));
        var error = await Assert.ThrowsAsync<ConsulException>(() => client.Agent.GetSelfAsync(default));
        Assert.Equal(ConsulErrorKind.Protocol, error.Kind);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/a")]
    [InlineData("a//b")]
    [InlineData("a/../b")]
    [InlineData("a/.")]
    public async Task A_key_that_would_reach_another_is_refused(string key)
    {
        var handler = new CannedHandler(200, "[]");
        using var client = new ConsulClient(new ConsulClientOptions(), handler);
        await Assert.ThrowsAnyAsync<ArgumentException>(() => client.Kv.GetAsync(key, ReadOptions.Default, default));
        Assert.Empty(handler.Requests);
    }

    [Fact]
    public async Task A_read_says_its_consistency_and_its_wait()
    {
        var handler = new CannedHandler(200, "[]", ("X-Consul-Index", "42"), ("X-Consul-KnownLeader", "false"));
        using var client = new ConsulClient(new ConsulClientOptions(), handler);
        var read = new ReadOptions(ConsistencyMode.Stale, 41, TimeSpan.FromSeconds(30));

        var answer = await client.Health.GetServiceAsync("web", passingOnly: true, read, default);

        Assert.Equal("/v1/health/service/web?passing=1&stale&index=41&wait=30000ms", Assert.Single(handler.Requests).PathAndQuery);
        Assert.Equal((42UL, false), (answer.Index, answer.KnownLeader));
    }

    [Fact]
    public async Task Null_lists_and_maps_are_empty()
    {
        const string body = """{"a":{"ID":"a","Service":"web","Tags":null,"Meta":null,"Port":1,"Address":""}}""";
        using var client = new ConsulClient(new ConsulClientOptions(), new CannedHandler(200, body));
        var service = (await client.Agent.GetServicesAsync(default))["a"];
        Assert.Empty(service.Tags);
        Assert.Empty(service.Meta);
        Assert.Equal("web", service.Name);
    }
}
