// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Grpc.Server;
using ClusterManager.Shared.Tests.Grpc.Fixtures;
using ClusterManager.Shared.Tests.Grpc.Protos;

namespace ClusterManager.Shared.Tests.Grpc.Interop;

/// <summary>The client of @grpc/grpc-js against our server. The cases stand in tests/interop/cases/echo.js.</summary>
[Trait("Category", "Real")]
public sealed class NodeClientTests
{
    [Theory]
    [InlineData("unary")]
    [InlineData("large_unary")]
    [InlineData("server_streaming")]
    [InlineData("client_streaming")]
    [InlineData("duplex_ping_pong")]
    [InlineData("deadline")]
    [InlineData("cancel")]
    [InlineData("error_with_details")]
    [InlineData("error_after_messages")]
    [InlineData("unimplemented")]
    [InlineData("too_large")]
    public async Task Case_holds(string name)
    {
        var service = new EchoService();
        await using var server = await GrpcServer.StartAsync(Echo.BindService(service));

        await using var peer = await PeerProcess.StartClientAsync(PeerProcess.EchoProto, "echo", server.Address.Authority);
        await peer.RunCaseAsync(name);

        // Not after "cancel": grpc-js ends the stream of requests before it resets it, and a handler that reads sees an ordinary end.
        if (name == "deadline")
            await Eventually.HoldsAsync(() => service.CancelledCalls == 1, "the handler was cancelled");
        Assert.Empty(server.Logs.Lines);
    }

    [Theory]
    [InlineData("large_unary")]
    [InlineData("server_streaming")]
    [InlineData("duplex_ping_pong")]
    public async Task Case_holds_with_gzip_both_ways(string name)
    {
        await using var server = await GrpcServer.StartAsync(
            Echo.BindService(new EchoService()), new GrpcServiceOptions { GzipResponses = true });

        await using var peer = await PeerProcess.StartClientAsync(PeerProcess.EchoProto, "echo", server.Address.Authority, "gzip");
        await peer.RunCaseAsync(name);
    }
}
