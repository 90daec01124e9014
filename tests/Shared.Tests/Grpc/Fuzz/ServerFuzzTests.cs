// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Shared.Tests.Grpc.Fixtures;
using ClusterManager.Shared.Tests.Grpc.Protos;
using Grpc.Core;
using Grpc.Net.Client;
using Xunit.Abstractions;

namespace ClusterManager.Shared.Tests.Grpc.Fuzz;

/// <summary>
/// Hand-made HTTP/2 against our server: every stream that is not the connection's fault ends with a gRPC status, an HTTP status or a reset,
/// the connection goes on, and the server serves others all the time.
/// </summary>
public sealed class ServerFuzzTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int StreamsInShort = 2000;
    private const int ConnectionsInShort = 300;
    private GrpcServer _server = null!;
    private GrpcChannel _channel = null!;

    public async Task InitializeAsync()
    {
        _server = await GrpcServer.StartAsync(Echo.BindService(new IndifferentService()));
        _channel = _server.CreateChannel();
    }

    public async Task DisposeAsync()
    {
        _channel.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Faulty_calls_end_with_a_status_and_leave_the_connection_to_others()
    {
        var count = FuzzCount.Connected(StreamsInShort);
        output.WriteLine($"{count} streams, seeds from {FuzzCount.FirstSeed}");
        using var connection = await RawConnection.ConnectAsync(_server.Address);
        for (var i = 0; i < count; i++)
        {
            var inputs = new FuzzInputs(FuzzCount.FirstSeed + i);
            var stream = 1 + 4 * i;
            foreach (var frame in RawCall.Faulty(inputs, stream)) await connection.SendAsync(frame);
            Assert.True(await EndAsync(connection, stream) is not null, $"seed {inputs.Seed}: the connection has ended");
            if (i % 10 != 0) continue;
            foreach (var frame in RawCall.Good(stream + 2)) await connection.SendAsync(frame);
            Assert.True(await EndAsync(connection, stream + 2) == "0", $"seed {inputs.Seed}: a good call after it failed");
        }

        await AssertServesAsync("the last");
    }

    [Fact]
    public async Task Faulty_connections_end_and_the_server_serves_others()
    {
        var count = FuzzCount.Connected(ConnectionsInShort);
        output.WriteLine($"{count} connections, seeds from {FuzzCount.FirstSeed}");
        for (var i = 0; i < count; i++)
        {
            var inputs = new FuzzInputs(FuzzCount.FirstSeed + i);
            using var connection = await RawConnection.ConnectAsync(_server.Address);
            foreach (var frame in RawCall.Chaos(inputs)) await connection.SendAsync(frame);
            connection.EndSending();
            while (await connection.ReadAsync() is not null)
            {
                // Answers to what was good in it; then the server closes, as there is nobody to answer to.
            }

            if (i % 20 == 0) await AssertServesAsync($"seed {inputs.Seed}");
        }

        await AssertServesAsync("the last");
    }

    /// <summary>How a stream ended: its grpc-status, "http" for another HTTP status, "reset"; null when the connection ended.</summary>
    private static async Task<string?> EndAsync(RawConnection connection, int stream)
    {
        string? status = null;
        while (await connection.ReadAsync() is { } frame)
        {
            if (frame.Type == RawFrames.GoAway) return null;
            if (frame.Stream != stream) continue;
            if (frame.Type == RawFrames.Reset) return status ?? "reset";
            if (frame.Type == RawFrames.Headers) status = RawFrames.Find(frame.Payload, "grpc-status") ?? status ?? "http";
            if (frame.Has(RawFrames.EndStream) && frame.Type is RawFrames.Headers or RawFrames.Data) return status;
        }

        return null;
    }

    private async Task AssertServesAsync(string after)
    {
        var reply = await new Echo.EchoClient(_channel).UnaryAsync(new EchoRequest { Count = 1 }).ResponseAsync.SoonAsync();
        Assert.True(reply is not null, after);
    }

    /// <summary>Answers whatever it is asked: a drawn request must not order a delay or a million replies.</summary>
    private sealed class IndifferentService : Echo.EchoBase
    {
        public override Task<EchoReply> Unary(EchoRequest request, ServerCallContext context) => Task.FromResult(new EchoReply());

        public override Task ServerStream(EchoRequest request, IServerStreamWriter<EchoReply> responseStream, ServerCallContext context) =>
            responseStream.WriteAsync(new EchoReply());

        public override async Task<EchoReply> ClientStream(IAsyncStreamReader<EchoRequest> requestStream, ServerCallContext context)
        {
            var count = 0;
            await foreach (var _ in requestStream.ReadAllAsync(context.CancellationToken)) count++;
            return new EchoReply { Index = count };
        }

        public override async Task Duplex(
            IAsyncStreamReader<EchoRequest> requestStream, IServerStreamWriter<EchoReply> responseStream, ServerCallContext context)
        {
            await foreach (var _ in requestStream.ReadAllAsync(context.CancellationToken)) await responseStream.WriteAsync(new EchoReply());
        }
    }
}
