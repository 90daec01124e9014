// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using ClusterManager.Shared.Tests.Grpc.Fixtures;
using ClusterManager.Shared.Tests.Grpc.Protos;
using Google.Protobuf;
using Grpc.Core;

namespace ClusterManager.Shared.Tests.Grpc;

/// <summary>
/// Streams as agents use them: quiet for long, busy for long. With the limits of Kestrel as they are by default, the quiet stream and the
/// one with many bytes die.
/// </summary>
public sealed class StreamLifeTests
{
    [Fact]
    public async Task Quiet_and_unread_streams_live_longer_than_the_minimum_data_rate_allows()
    {
        await using var server = await GrpcServer.StartAsync(Echo.BindService(new EchoService()));
        using var channel = server.CreateChannel();
        var client = new Echo.EchoClient(channel);
        using var quiet = client.Duplex();
        await quiet.RequestStream.WriteAsync(new EchoRequest()).SoonAsync();
        Assert.True(await quiet.ResponseStream.MoveNext().SoonAsync());
        var quietRead = quiet.ResponseStream.MoveNext();
        using var unread = client.ServerStream(new EchoRequest { Count = 100, ReplyBytes = 100_000 });
        await unread.ResponseHeadersAsync.SoonAsync();

        // Kestrel's default ends a stream that sends less than 240 bytes/s for 5 s; it looks at quiet ones within 15 s.
        await Task.Delay(TimeSpan.FromSeconds(18), TimeProvider.System);

        Assert.False(quietRead.IsCompleted);
        await quiet.RequestStream.WriteAsync(new EchoRequest()).SoonAsync();
        Assert.True(await quietRead.SoonAsync());
        await quiet.RequestStream.CompleteAsync();
        Assert.False(await quiet.ResponseStream.MoveNext().SoonAsync());
        for (var i = 0; i < 100; i++)
            Assert.True(await unread.ResponseStream.MoveNext().SoonAsync());
        Assert.False(await unread.ResponseStream.MoveNext().SoonAsync());
    }

    [Fact]
    public async Task One_stream_carries_more_than_the_request_body_limit()
    {
        const int count = 50;
        await using var server = await GrpcServer.StartAsync(Echo.BindService(new EchoService()));
        using var channel = server.CreateChannel();
        using var call = new Echo.EchoClient(channel).ClientStream();
        var megabyte = new EchoRequest { Payload = UnsafeByteOperations.UnsafeWrap(new byte[1_000_000]) };

        // Kestrel's default ends a request after 30,000,000 bytes.
        for (var i = 0; i < count; i++)
            await call.RequestStream.WriteAsync(megabyte).SoonAsync();
        await call.RequestStream.CompleteAsync();

        Assert.Equal(count * 1_000_000L, (await call.ResponseAsync.SoonAsync()).ReceivedBytes);
    }

    [Fact]
    public async Task Heartbeats_every_500_ms_pass_an_otherwise_idle_stream_in_time()
    {
        await using var server = await GrpcServer.StartAsync(Echo.BindService(new EchoService()));
        using var channel = server.CreateChannel();
        using var call = new Echo.EchoClient(channel).Duplex();
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(500), TimeProvider.System);

        for (var i = 0; i < 10; i++)
        {
            await ticks.WaitForNextTickAsync().AsTask().SoonAsync();
            var sent = Stopwatch.GetTimestamp();
            await call.RequestStream.WriteAsync(new EchoRequest()).SoonAsync();
            Assert.True(await call.ResponseStream.MoveNext().SoonAsync());
            Assert.True(Stopwatch.GetElapsedTime(sent) < TimeSpan.FromMilliseconds(500), "A heartbeat took longer than its period.");
        }
    }
}
