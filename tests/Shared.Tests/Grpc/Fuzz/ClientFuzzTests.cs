// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Shared.Tests.Grpc.Fixtures;
using ClusterManager.Shared.Tests.Grpc.Protos;
using Grpc.Core;
using Grpc.Net.Client;
using Xunit.Abstractions;

namespace ClusterManager.Shared.Tests.Grpc.Fuzz;

/// <summary>A hostile server against our client: every call ends, by an answer or an RpcException, and the channel goes on.</summary>
public sealed class ClientFuzzTests(ITestOutputHelper output)
{
    private const int CallsInShort = 2000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_call_ends_with_a_status_and_the_channel_goes_on(bool breaksHttp)
    {
        var count = FuzzCount.Connected(CallsInShort / (breaksHttp ? 4 : 1));
        output.WriteLine($"{count} calls, seeds from {FuzzCount.FirstSeed}");
        await using var server = new HostileServer(FuzzCount.FirstSeed, breaksHttp);
        using var channel = GrpcChannel.ForAddress(server.Address);
        var client = new Echo.EchoClient(channel);
        for (var i = 0; i < count; i++)
        {
            var end = await EndOfAsync(client, i % 2 == 0);
            Assert.True(end is null or RpcException, $"seed {server.LastSeed}: {end}");
            Assert.True(end is not RpcException error || Enum.IsDefined(error.StatusCode), $"seed {server.LastSeed}");
            if (i % 10 == 0 && !breaksHttp) await GoodCallAsync(client, server.LastSeed);
        }

        await EventuallyGoodAsync(client, server.LastSeed);
    }

    private static async Task<Exception?> EndOfAsync(Echo.EchoClient client, bool isUnary)
    {
        try
        {
            if (isUnary)
            {
                await client.UnaryAsync(new EchoRequest()).ResponseAsync.SoonAsync();
                return null;
            }

            using var call = client.Duplex();
            while (await call.ResponseStream.MoveNext().SoonAsync())
            {
                // Messages that happened to be well formed.
            }

            return null;
        }
        catch (Exception error) when (error is not TimeoutException)
        {
            return error;
        }
    }

    private static async Task GoodCallAsync(Echo.EchoClient client, int seed)
    {
        using var call = client.ServerStream(new EchoRequest());
        Assert.False(await call.ResponseStream.MoveNext().SoonAsync(), $"seed {seed}");
        Assert.True(call.GetStatus().StatusCode == StatusCode.OK, $"seed {seed}: the next call was hit too: {call.GetStatus()}");
    }

    // A broken connection may take one call with it that was sent before its end was known.
    private static async Task EventuallyGoodAsync(Echo.EchoClient client, int seed)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await GoodCallAsync(client, seed);
                return;
            }
            catch (RpcException error) when (error.StatusCode == StatusCode.Unavailable && attempt < 3)
            {
                // Once more, on a new connection.
            }
        }
    }
}
