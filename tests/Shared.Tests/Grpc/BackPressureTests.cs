// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Shared.Tests.Grpc.Fixtures;
using ClusterManager.Shared.Tests.Grpc.Protos;
using Google.Protobuf;
using Grpc.Core;

namespace ClusterManager.Shared.Tests.Grpc;

/// <summary>
/// One gigabyte is offered to a reader that does not read: writes wait, memory stays. Then the reader reads, and all of it arrives.
/// Runs alone, as it measures the process.
/// </summary>
[Collection(Alone)]
public sealed class BackPressureTests
{
    private const string Alone = "Measures memory";
    private const int MessageBytes = 64 * 1024;
    private const int MessageCount = 16 * 1024;
    private const long AllowedGrowthBytes = 16 * 1024 * 1024;

    [Fact]
    public async Task Client_writing_to_a_server_that_does_not_read_stays_within_16_MB()
    {
        var service = new EchoService(gateOpen: false);
        await using var server = await GrpcServer.StartAsync(Echo.BindService(service));
        using var channel = server.CreateChannel();
        await WarmUpAsync(new Echo.EchoClient(channel));
        var before = Memory.Now();

        using var call = new Echo.EchoClient(channel).ClientStream();
        var written = 0;
        var writing = WriteAllAsync(call.RequestStream, () => Interlocked.Increment(ref written));
        await StopsAsync(() => Volatile.Read(ref written));

        AssertBounded(before, written);
        service.Gate.SetResult();
        await writing.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal((long)MessageCount * MessageBytes, (await call.ResponseAsync.SoonAsync()).ReceivedBytes);
    }

    [Fact]
    public async Task Server_writing_to_a_client_that_does_not_read_stays_within_16_MB()
    {
        var service = new EchoService();
        await using var server = await GrpcServer.StartAsync(Echo.BindService(service));
        using var channel = server.CreateChannel();
        await WarmUpAsync(new Echo.EchoClient(channel));
        var before = Memory.Now();
        var warmUpReplies = service.WrittenReplies;

        using var call = new Echo.EchoClient(channel).ServerStream(new EchoRequest { Count = MessageCount, ReplyBytes = MessageBytes });
        await StopsAsync(() => Volatile.Read(ref service.WrittenReplies) - warmUpReplies);

        AssertBounded(before, service.WrittenReplies - warmUpReplies);
        long received = 0;
        while (await call.ResponseStream.MoveNext().SoonAsync())
            received += call.ResponseStream.Current.Payload.Length;
        Assert.Equal((long)MessageCount * MessageBytes, received);
    }

    private static async Task WriteAllAsync(IClientStreamWriter<EchoRequest> stream, Action onWritten)
    {
        var message = new EchoRequest { Payload = UnsafeByteOperations.UnsafeWrap(new byte[MessageBytes]) };
        for (var i = 0; i < MessageCount; i++)
        {
            await stream.WriteAsync(message);
            onWritten();
        }

        await stream.CompleteAsync();
    }

    /// <summary>Fills pools and compiles code before the first measurement.</summary>
    private static async Task WarmUpAsync(Echo.EchoClient client)
    {
        using var call = client.ServerStream(new EchoRequest { Count = 500, ReplyBytes = MessageBytes });
        while (await call.ResponseStream.MoveNext().SoonAsync())
        {
        }
    }

    /// <summary>Waits until the writer has begun and then not moved for a second.</summary>
    private static async Task StopsAsync(Func<int> count)
    {
        var last = 0;
        var quietLooks = 0;
        await Eventually.HoldsAsync(
            () =>
            {
                var now = count();
                quietLooks = now == last && now > 0 ? quietLooks + 1 : 0;
                last = now;
                return quietLooks >= 100;
            },
            "the writer stopped, held back by the reader");
    }

    private static void AssertBounded(Memory before, int writtenMessages)
    {
        var after = Memory.Now();
        Assert.True((long)writtenMessages * MessageBytes < AllowedGrowthBytes, $"The writer was let through {writtenMessages} messages.");
        Assert.True(
            after.HeapBytes - before.HeapBytes < AllowedGrowthBytes,
            $"The heap grew from {before.HeapBytes} to {after.HeapBytes}.");
        Assert.True(
            after.WorkingSetBytes - before.WorkingSetBytes < AllowedGrowthBytes,
            $"The working set grew from {before.WorkingSetBytes} to {after.WorkingSetBytes}.");
    }

    private sealed record Memory(long HeapBytes, long WorkingSetBytes)
    {
        public static Memory Now() => new(GC.GetTotalMemory(forceFullCollection: true), Environment.WorkingSet);
    }

    /// <summary>xunit runs collections without parallelization one after another, after all others.</summary>
    [CollectionDefinition(Alone, DisableParallelization = true)]
    public sealed class AloneCollection;
}
