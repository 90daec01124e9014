// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using ClusterManager.Shared.Tests.Grpc.Fixtures;
using ClusterManager.Shared.Tests.Grpc.Protos;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace ClusterManager.Shared.Tests.Grpc;

/// <summary>Many calls of all kinds at once, ended in every way at any moment, by seed.</summary>
public sealed class StressTests
{
    private const int Callers = 16;
    private const int CallsPerCaller = 60;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Every_call_ends_with_the_right_bytes_or_the_right_status(int seed)
    {
        var service = new CountingService();
        await using var server = await GrpcServer.StartAsync(Echo.BindService(service));
        using var channel = server.CreateChannel(new GrpcChannelOptions { GzipRequests = seed % 2 == 0 });
        var ends = new ConcurrentDictionary<StatusCode, int>();

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => CallManyAsync(channel, new Random(seed * 1000 + caller), ends)))
            .WaitAsync(TimeSpan.FromMinutes(1));

        // On a busy machine Kestrel may take many quick resets for an attack and end the connection: its calls are UNAVAILABLE, rightly.
        ends.TryGetValue(StatusCode.Unavailable, out var lost);
        Assert.True(lost <= Callers * CallsPerCaller / 10, $"{lost} calls lost their connection");
        StatusCode[] expected = [StatusCode.OK, StatusCode.Cancelled, StatusCode.DeadlineExceeded];
        Assert.Equal(expected, ends.Keys.Where(code => code != StatusCode.Unavailable).Order());
        Assert.Equal(Callers * CallsPerCaller, ends.Values.Sum());
        await Eventually.HoldsAsync(() => service.Running == 0, "every handler ended");
        Assert.Empty(server.Logs.Lines);
    }

    private static async Task CallManyAsync(GrpcChannel channel, Random random, ConcurrentDictionary<StatusCode, int> ends)
    {
        var client = new Echo.EchoClient(channel);
        for (var i = 0; i < CallsPerCaller; i++)
        {
            var end = await CallOnceAsync(client, random);
            ends.AddOrUpdate(end, 1, (_, count) => count + 1);
        }
    }

    private static async Task<StatusCode> CallOnceAsync(Echo.EchoClient client, Random random)
    {
        using var cancelling = new CancellationTokenSource();
        if (random.Next(3) == 0)
            cancelling.CancelAfter(random.Next(10));
        var deadline = random.Next(3) == 0 ? DateTime.UtcNow.AddMilliseconds(random.Next(1, 10)) : (DateTime?)null;
        var options = new CallOptions(deadline: deadline, cancellationToken: cancelling.Token);
        try
        {
            using var call = client.Duplex(options);
            for (var message = random.Next(8); message >= 0; message--)
                await PingAsync(call, random);
            if (random.Next(4) == 0)
                return StatusCode.OK; // walks away from an open call
            await call.RequestStream.CompleteAsync();
            Assert.False(await call.ResponseStream.MoveNext());
            return call.GetStatus().StatusCode;
        }
        catch (RpcException ex)
        {
            return ex.StatusCode;
        }
    }

    private static async Task PingAsync(AsyncDuplexStreamingCall<EchoRequest, EchoReply> call, Random random)
    {
        var payload = new byte[random.Next(3) == 0 ? random.Next(200_000) : random.Next(200)];
        Array.Fill(payload, (byte)random.Next(256));
        await call.RequestStream.WriteAsync(new EchoRequest { Payload = ByteString.CopyFrom(payload) });
        Assert.True(await call.ResponseStream.MoveNext());
        Assert.True(call.ResponseStream.Current.Payload.Span.SequenceEqual(payload), "The payload came back changed.");
    }

    /// <summary>Echoes, and knows how many of its handlers run.</summary>
    private sealed class CountingService : Echo.EchoBase
    {
        private int _running;

        public int Running => Volatile.Read(ref _running);

        public override async Task Duplex(
            IAsyncStreamReader<EchoRequest> requestStream, IServerStreamWriter<EchoReply> responseStream, ServerCallContext context)
        {
            Interlocked.Increment(ref _running);
            try
            {
                while (await requestStream.MoveNext(context.CancellationToken))
                    await responseStream.WriteAsync(new EchoReply { Payload = requestStream.Current.Payload });
            }
            finally
            {
                Interlocked.Decrement(ref _running);
            }
        }
    }
}
