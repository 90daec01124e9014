// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Shared.Tests.Grpc.Fixtures;
using ClusterManager.Shared.Tests.Grpc.Protos;
using Google.Protobuf;
using Grpc.Core;

namespace ClusterManager.Shared.Tests.Grpc;

/// <summary>The four kinds of calls, with the generated client and the generated base class.</summary>
public sealed class CallKindTests
{
    [Fact]
    public async Task Unary_call_returns_the_reply_with_status_ok()
    {
        await using var server = await GrpcServer.StartAsync(Echo.BindService(new EchoService()));
        using var channel = server.CreateChannel();
        var request = new EchoRequest { Payload = ByteString.CopyFromUtf8("hello"), Labels = { ["a"] = "1", ["b"] = "ü" } };

        using var call = new Echo.EchoClient(channel).UnaryAsync(request);
        var reply = await call.ResponseAsync.SoonAsync();

        Assert.Equal("hello", reply.Payload.ToStringUtf8());
        Assert.Equal("ü", reply.Labels["b"]);
        Assert.Equal(Status.DefaultSuccess, call.GetStatus());
        Assert.Empty(call.GetTrailers());
    }

    [Fact]
    public async Task Blocking_unary_call_returns_the_reply()
    {
        await using var server = await GrpcServer.StartAsync(Echo.BindService(new EchoService()));
        using var channel = server.CreateChannel();

        var reply = new Echo.EchoClient(channel).Unary(new EchoRequest { ReplyBytes = 3 });

        Assert.Equal(3, reply.Payload.Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    public async Task Server_stream_delivers_every_reply_in_order(int count)
    {
        await using var server = await GrpcServer.StartAsync(Echo.BindService(new EchoService()));
        using var channel = server.CreateChannel();

        using var call = new Echo.EchoClient(channel).ServerStream(new EchoRequest { Count = count, ReplyBytes = 100 });
        var indexes = new List<int>();
        while (await call.ResponseStream.MoveNext().SoonAsync())
            indexes.Add(call.ResponseStream.Current.Index);

        Assert.Equal(Enumerable.Range(0, count), indexes);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task Client_stream_delivers_every_request_before_the_reply()
    {
        await using var server = await GrpcServer.StartAsync(Echo.BindService(new EchoService()));
        using var channel = server.CreateChannel();

        using var call = new Echo.EchoClient(channel).ClientStream();
        for (var i = 0; i < 1000; i++)
            await call.RequestStream.WriteAsync(new EchoRequest { Payload = ByteString.CopyFrom(new byte[i]) }).SoonAsync();
        await call.RequestStream.CompleteAsync();
        var reply = await call.ResponseAsync.SoonAsync();

        Assert.Equal(1000, reply.Index);
        Assert.Equal(999 * 1000 / 2, reply.ReceivedBytes);
    }

    [Fact]
    public async Task Duplex_stream_answers_each_request_while_both_sides_are_open()
    {
        await using var server = await GrpcServer.StartAsync(Echo.BindService(new EchoService()));
        using var channel = server.CreateChannel();

        using var call = new Echo.EchoClient(channel).Duplex();
        for (var i = 0; i < 500; i++)
        {
            await call.RequestStream.WriteAsync(new EchoRequest { ReplyBytes = i + 1 }).SoonAsync();
            Assert.True(await call.ResponseStream.MoveNext().SoonAsync());
            Assert.Equal(i + 1, call.ResponseStream.Current.Payload.Length);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext().SoonAsync());
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task Message_of_the_full_default_limit_travels_both_ways()
    {
        await using var server = await GrpcServer.StartAsync(Echo.BindService(new EchoService()));
        using var channel = server.CreateChannel();
        var payload = new byte[4 * 1024 * 1024 - 64];
        new Random(1).NextBytes(payload);

        var request = new EchoRequest { Payload = ByteString.CopyFrom(payload) };
        var reply = await new Echo.EchoClient(channel).UnaryAsync(request).ResponseAsync.SoonAsync();

        Assert.Equal(payload, reply.Payload.ToByteArray());
    }

    [Fact]
    public async Task Calls_beyond_the_streams_of_one_connection_run_at_the_same_time()
    {
        await using var server = await GrpcServer.StartAsync(Echo.BindService(new EchoService()));
        using var channel = server.CreateChannel();
        var client = new Echo.EchoClient(channel);

        // Kestrel allows 100 streams per connection; all 250 stay open at once.
        var calls = Enumerable.Range(0, 250).Select(_ => client.Duplex()).ToList();
        foreach (var call in calls)
        {
            await call.RequestStream.WriteAsync(new EchoRequest { ReplyBytes = 1 }).SoonAsync();
            Assert.True(await call.ResponseStream.MoveNext().SoonAsync());
        }

        foreach (var call in calls)
            await call.RequestStream.CompleteAsync();
        foreach (var call in calls)
            Assert.False(await call.ResponseStream.MoveNext().SoonAsync());
    }
}
