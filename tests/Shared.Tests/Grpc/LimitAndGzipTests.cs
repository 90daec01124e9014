// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Grpc.Server;
using ClusterManager.Shared.Tests.Grpc.Fixtures;
using ClusterManager.Shared.Tests.Grpc.Protos;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace ClusterManager.Shared.Tests.Grpc;

/// <summary>Limits of messages and compression, in both directions.</summary>
public sealed class LimitAndGzipTests
{
    private static readonly EchoRequest HalfMegabyte = new() { Payload = UnsafeByteOperations.UnsafeWrap(new byte[500_000]) };

    private static readonly EchoRequest Big = new() { Payload = UnsafeByteOperations.UnsafeWrap(new byte[2000]) };

    [Fact]
    public async Task Request_over_the_limit_of_the_server_is_refused()
    {
        await using var server = await GrpcServer.StartAsync(
            Echo.BindService(new EchoService()), new GrpcServiceOptions { MaxReceiveMessageSize = 1000 });
        using var channel = server.CreateChannel();
        var client = new Echo.EchoClient(channel);

        await client.UnaryAsync(Big).ResponseAsync.FailsAsync(StatusCode.ResourceExhausted);
        using var stream = client.Duplex();
        await stream.RequestStream.WriteAsync(Big).SoonAsync();
        await stream.ResponseStream.MoveNext().FailsAsync(StatusCode.ResourceExhausted);
    }

    [Fact]
    public async Task Response_over_the_limit_of_the_server_is_not_sent()
    {
        await using var server = await GrpcServer.StartAsync(
            Echo.BindService(new EchoService()), new GrpcServiceOptions { MaxSendMessageSize = 1000 });
        using var channel = server.CreateChannel();

        var error = await new Echo.EchoClient(channel).UnaryAsync(Big).ResponseAsync.FailsAsync(StatusCode.ResourceExhausted);

        Assert.Contains("1000 bytes", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Response_over_the_limit_of_the_client_cancels_the_call()
    {
        var service = new EchoService();
        await using var server = await GrpcServer.StartAsync(Echo.BindService(service));
        using var channel = server.CreateChannel(new GrpcChannelOptions { MaxReceiveMessageSize = 1000 });
        using var stream = new Echo.EchoClient(channel).Duplex();
        await stream.RequestStream.WriteAsync(Big).SoonAsync();

        await stream.ResponseStream.MoveNext().FailsAsync(StatusCode.ResourceExhausted);

        await Eventually.HoldsAsync(() => service.CancelledCalls == 1, "the server saw the reset");
    }

    [Fact]
    public async Task Request_over_the_limit_of_the_client_is_not_sent_and_a_stream_survives_it()
    {
        var service = new EchoService();
        await using var server = await GrpcServer.StartAsync(Echo.BindService(service));
        using var channel = server.CreateChannel(new GrpcChannelOptions { MaxSendMessageSize = 1000 });
        var client = new Echo.EchoClient(channel);

        await client.UnaryAsync(Big).ResponseAsync.FailsAsync(StatusCode.ResourceExhausted);
        Assert.Empty(service.Calls);

        using var stream = client.Duplex();
        await stream.RequestStream.WriteAsync(Big).FailsAsync(StatusCode.ResourceExhausted);
        await stream.RequestStream.WriteAsync(new EchoRequest { ReplyBytes = 5000 }).SoonAsync();
        Assert.True(await stream.ResponseStream.MoveNext().SoonAsync());
    }

    [Fact]
    public async Task Limits_can_be_lifted_on_both_sides()
    {
        await using var server = await GrpcServer.StartAsync(
            Echo.BindService(new EchoService()), new GrpcServiceOptions { MaxReceiveMessageSize = null, MaxSendMessageSize = null });
        using var channel = server.CreateChannel(new GrpcChannelOptions { MaxReceiveMessageSize = null, MaxSendMessageSize = null });
        var request = new EchoRequest { Payload = UnsafeByteOperations.UnsafeWrap(new byte[20_000_000]) };

        var reply = await new Echo.EchoClient(channel).UnaryAsync(request).ResponseAsync.SoonAsync();

        Assert.Equal(20_000_000, reply.Payload.Length);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Gzip_is_used_where_it_was_asked_for(bool requests, bool responses)
    {
        var passed = new ByteCounts();
        await using var server = await GrpcServer.StartAsync(
            Echo.BindService(new EchoService()), new GrpcServiceOptions { GzipResponses = responses });
        await using var relay = Relay.Start(server.Address, passed);
        using var channel = GrpcChannel.ForAddress(relay.Address, new GrpcChannelOptions { GzipRequests = requests });
        using var call = new Echo.EchoClient(channel).Duplex();

        for (var i = 0; i < 3; i++)
        {
            await call.RequestStream.WriteAsync(HalfMegabyte).SoonAsync();
            Assert.True(await call.ResponseStream.MoveNext().SoonAsync());
            Assert.Equal(500_000, call.ResponseStream.Current.Payload.Length);
        }

        Assert.Equal(requests, passed.ToServer < 500_000);
        Assert.Equal(responses, passed.ToClient < 500_000);
    }

    [Fact]
    public async Task One_message_may_go_plain_on_a_compressed_stream()
    {
        var passed = new ByteCounts();
        await using var server = await GrpcServer.StartAsync(Echo.BindService(new EchoService()));
        await using var relay = Relay.Start(server.Address, passed);
        using var channel = GrpcChannel.ForAddress(relay.Address, new GrpcChannelOptions { GzipRequests = true });
        using var call = new Echo.EchoClient(channel).Duplex();

        call.RequestStream.WriteOptions = new WriteOptions(WriteFlags.NoCompress);
        await call.RequestStream.WriteAsync(HalfMegabyte).SoonAsync();
        Assert.True(await call.ResponseStream.MoveNext().SoonAsync());

        Assert.True(passed.ToServer > 500_000);
    }

    [Fact]
    public async Task Buffered_writes_arrive_with_the_next_flushed_one()
    {
        await using var server = await GrpcServer.StartAsync(Echo.BindService(new EchoService()));
        using var channel = server.CreateChannel();
        using var call = new Echo.EchoClient(channel).Duplex();

        call.RequestStream.WriteOptions = new WriteOptions(WriteFlags.BufferHint);
        for (var i = 0; i < 10; i++)
            await call.RequestStream.WriteAsync(new EchoRequest()).SoonAsync();
        call.RequestStream.WriteOptions = null;
        await call.RequestStream.WriteAsync(new EchoRequest()).SoonAsync();
        for (var i = 0; i < 11; i++)
            Assert.True(await call.ResponseStream.MoveNext().SoonAsync());
    }
}
