// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Shared.Tests.Grpc.Fixtures;
using ClusterManager.Shared.Tests.Grpc.Protos;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace ClusterManager.Shared.Tests.Grpc.Interop;

/// <summary>Our client against the server of @grpc/grpc-js.</summary>
[Trait("Category", "Real")]
public sealed class NodeServerTests : IAsyncLifetime
{
    private PeerProcess _peer = null!;
    private GrpcChannel _channel = null!;
    private Echo.EchoClient _client = null!;

    public async Task InitializeAsync()
    {
        _peer = await PeerProcess.StartAsync("server.js", PeerProcess.EchoProto, "echo");
        _channel = GrpcChannel.ForAddress(_peer.Address);
        _client = new Echo.EchoClient(_channel);
    }

    public async Task DisposeAsync()
    {
        _channel.Dispose();
        await _peer.DisposeAsync();
    }

    [Fact]
    public async Task Unary_call_carries_message_and_metadata()
    {
        var headers = new Metadata { { "key", "value" }, { "raw-bin", new byte[] { 0, 255 } }, { "raw-bin", new byte[] { 1 } } };

        var request = new EchoRequest { Payload = ByteString.CopyFromUtf8("hello") };
        var reply = await _client.UnaryAsync(request, headers).ResponseAsync.SoonAsync();

        Assert.Equal("hello", reply.Payload.ToStringUtf8());
        var seen = await _peer.ReportedAsync("metadata");
        Assert.Equal("value", seen.GetProperty("values").GetProperty("key").GetString());
        Assert.Equal(["00ff", "01"], seen.GetProperty("bin").EnumerateArray().Select(value => value.GetString()));
    }

    [Fact]
    public async Task Server_stream_delivers_every_reply_in_order()
    {
        using var call = _client.ServerStream(new EchoRequest { Count = 20, ReplyBytes = 50_000 });
        var indexes = new List<int>();
        while (await call.ResponseStream.MoveNext().SoonAsync())
            indexes.Add(call.ResponseStream.Current.Index);

        Assert.Equal(Enumerable.Range(0, 20), indexes);
    }

    [Fact]
    public async Task Client_stream_delivers_every_request()
    {
        using var call = _client.ClientStream();
        for (var i = 0; i < 20; i++)
            await call.RequestStream.WriteAsync(new EchoRequest { Payload = ByteString.CopyFrom(new byte[1000]) }).SoonAsync();
        await call.RequestStream.CompleteAsync();

        Assert.Equal(20_000, (await call.ResponseAsync.SoonAsync()).ReceivedBytes);
    }

    [Fact]
    public async Task Duplex_stream_answers_each_request()
    {
        using var call = _client.Duplex();
        for (var i = 0; i < 20; i++)
        {
            await call.RequestStream.WriteAsync(new EchoRequest { ReplyBytes = i + 1 }).SoonAsync();
            Assert.True(await call.ResponseStream.MoveNext().SoonAsync());
            Assert.Equal(i + 1, call.ResponseStream.Current.Payload.Length);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext().SoonAsync());
    }

    [Fact]
    public async Task Deadline_ends_the_call_on_both_sides()
    {
        await _client.UnaryAsync(new EchoRequest { DelayMillis = -1 }, deadline: DateTime.UtcNow.AddMilliseconds(300))
            .ResponseAsync.FailsAsync(StatusCode.DeadlineExceeded);

        await _peer.ReportedAsync("cancelled");
    }

    [Fact]
    public async Task Cancelling_reaches_the_server()
    {
        using var call = _client.Duplex();
        await call.RequestStream.WriteAsync(new EchoRequest()).SoonAsync();
        Assert.True(await call.ResponseStream.MoveNext().SoonAsync());

        call.Dispose();

        await _peer.ReportedAsync("cancelled");
    }

    [Fact]
    public async Task Error_comes_with_text_trailers_and_details()
    {
        var request = new EchoRequest
        {
            FailCode = (int)StatusCode.FailedPrecondition,
            FailDetail = "nö: 100 %",
            FailDetailsBin = ByteString.CopyFrom(1, 2, 255),
        };

        var error = await _client.UnaryAsync(request).ResponseAsync.FailsAsync(StatusCode.FailedPrecondition);

        Assert.Equal("nö: 100 %", error.Status.Detail);
        Assert.Equal("as-asked", error.Trailers.GetValue("reason"));
        Assert.Equal([1, 2, 255], error.Trailers.GetValueBytes("grpc-status-details-bin")!);
    }

    [Fact]
    public async Task Error_after_messages_comes_in_the_trailers()
    {
        using var call = _client.ServerStream(new EchoRequest { Count = 2, FailCode = (int)StatusCode.Aborted });
        Assert.True(await call.ResponseStream.MoveNext().SoonAsync());
        Assert.True(await call.ResponseStream.MoveNext().SoonAsync());
        await call.ResponseStream.MoveNext().FailsAsync(StatusCode.Aborted);
    }

    [Fact]
    public async Task Unimplemented_method_is_unimplemented() =>
        await _client.NotThereAsync(new EchoRequest()).ResponseAsync.FailsAsync(StatusCode.Unimplemented);

    [Fact]
    public async Task Gzip_works_both_ways()
    {
        await using var peer = await PeerProcess.StartAsync("server.js", PeerProcess.EchoProto, "echo", "gzip");
        using var channel = GrpcChannel.ForAddress(peer.Address, new GrpcChannelOptions { GzipRequests = true });
        var payload = ByteString.CopyFrom(Enumerable.Repeat((byte)7, 1_000_000).ToArray());

        var reply = await new Echo.EchoClient(channel).UnaryAsync(new EchoRequest { Payload = payload }).ResponseAsync.SoonAsync();

        Assert.Equal(payload, reply.Payload);
    }

    [Theory]
    [InlineData("dispose")]
    [InlineData("token")]
    [InlineData("deadline")]
    public async Task Ending_a_call_early_resets_its_stream_with_cancel(string how)
    {
        await using var peer = await PeerProcess.StartAsync("resets.js");
        using var channel = GrpcChannel.ForAddress(peer.Address);
        using var cancelling = new CancellationTokenSource();
        var deadline = how == "deadline" ? DateTime.UtcNow.AddMilliseconds(500) : (DateTime?)null;
        using var call = new Echo.EchoClient(channel).Duplex(deadline: deadline, cancellationToken: cancelling.Token);
        await peer.ReportedAsync("open");

        if (how == "dispose")
            call.Dispose();
        if (how == "token")
            await cancelling.CancelAsync();

        // RST_STREAM CANCEL, RFC 9113, section 7.
        Assert.Equal(8, (await peer.ReportedAsync("closed")).GetProperty("code").GetInt32());
    }
}
