// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using ClusterManager.Shared.Tests.Grpc.Fixtures;
using ClusterManager.Shared.Tests.Grpc.Fuzz;
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

    /// <summary>Three seeds in every build, more with <c>scripts/test.sh --long</c>.</summary>
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, FuzzCount.IsLong ? 60 : 3)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Every_call_ends_with_the_right_bytes_or_the_right_status(int seed)
    {
        var service = new CountingService();
        await using var server = await GrpcServer.StartAsync(Echo.BindService(service));
        using var channel = server.CreateChannel(new GrpcChannelOptions { GzipRequests = seed % 2 == 0 });
        var ends = new ConcurrentDictionary<StatusCode, int>();
        var failures = new ConcurrentQueue<string>();

        var callers = Enumerable.Range(0, Callers)
            .Select(caller => CallManyAsync(channel, new Random(seed * 1000 + caller), ends, failures));
        await Task.WhenAll(callers).WaitAsync(TimeSpan.FromMinutes(1));

        Assert.True(failures.IsEmpty, string.Join('\n', failures.Distinct()));
        StatusCode[] expected = [StatusCode.OK, StatusCode.Cancelled, StatusCode.DeadlineExceeded];
        Assert.Equal(expected, ends.Keys.Order());
        Assert.Equal(Callers * CallsPerCaller, ends.Values.Sum());
        await Eventually.HoldsAsync(() => service.Running == 0, "every handler ended");
        Assert.Empty(server.Logs.Lines);
    }

    private static async Task CallManyAsync(
        GrpcChannel channel, Random random, ConcurrentDictionary<StatusCode, int> ends, ConcurrentQueue<string> failures)
    {
        var client = new Echo.EchoClient(channel);
        for (var i = 0; i < CallsPerCaller; i++)
        {
            var end = await CallOnceAsync(client, random);
            ends.AddOrUpdate(end.StatusCode, 1, (_, count) => count + 1);
            if (end.StatusCode is StatusCode.Unavailable or StatusCode.Internal or StatusCode.Unknown) failures.Enqueue(end.ToString());
        }
    }

    private static async Task<Status> CallOnceAsync(Echo.EchoClient client, Random random)
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
                return Status.DefaultSuccess; // walks away from an open call
            await call.RequestStream.CompleteAsync();
            Assert.False(await call.ResponseStream.MoveNext());
            return call.GetStatus();
        }
        catch (RpcException ex)
        {
            return ex.Status;
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
