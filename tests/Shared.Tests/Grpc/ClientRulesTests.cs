// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Shared.Tests.Grpc.Fixtures;
using ClusterManager.Shared.Tests.Grpc.Protos;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ClusterManager.Shared.Tests.Grpc;

/// <summary>What the client makes of servers that break rules, or are not there.</summary>
public sealed class ClientRulesTests
{
    [Theory]
    [InlineData(401, StatusCode.Unauthenticated)]
    [InlineData(404, StatusCode.Unimplemented)]
    [InlineData(503, StatusCode.Unavailable)]
    [InlineData(500, StatusCode.Unknown)]
    public async Task Response_without_a_grpc_status_maps_from_http(int httpStatus, StatusCode expected)
    {
        await using var server = await GrpcServer.StartRawAsync(http =>
        {
            http.Response.StatusCode = httpStatus;
            return Task.CompletedTask;
        });

        await CallAsync(server).FailsAsync(expected);
    }

    [Fact]
    public async Task Grpc_status_wins_over_the_http_status()
    {
        await using var server = await GrpcServer.StartRawAsync(http =>
        {
            http.Response.StatusCode = 503;
            http.Response.Headers["grpc-status"] = "5";
            return Task.CompletedTask;
        });

        await CallAsync(server).FailsAsync(StatusCode.NotFound);
    }

    [Theory]
    [InlineData("text/html", "", StatusCode.Unknown)]
    [InlineData("application/grpc", "", StatusCode.Unknown)] // ends without a status
    [InlineData("application/grpc", "0500000000", StatusCode.Internal)]
    [InlineData("application/grpc", "0100000001AA", StatusCode.Internal)]
    [InlineData("application/grpc", "00000000010A", StatusCode.Internal)]
    [InlineData("application/grpc", "0000000009AA", StatusCode.Internal)]
    [InlineData("application/grpc", "0000500000", StatusCode.ResourceExhausted)]
    [InlineData("application/grpc", "00000000000000000000", StatusCode.Unimplemented)] // two replies to a unary call
    public async Task Malformed_response_ends_with_the_status_of_the_rules(string contentType, string hex, StatusCode expected)
    {
        await using var server = await GrpcServer.StartRawAsync(async http =>
        {
            http.Response.ContentType = contentType;
            await http.Response.Body.WriteAsync(Convert.FromHexString(hex));
        });

        await CallAsync(server).FailsAsync(expected);
    }

    [Fact]
    public async Task Success_without_a_reply_is_a_failure_of_a_unary_call()
    {
        await using var server = await GrpcServer.StartRawAsync(http =>
        {
            http.Response.ContentType = "application/grpc";
            http.Response.Headers["grpc-status"] = "0";
            return Task.CompletedTask;
        });

        await CallAsync(server).FailsAsync(StatusCode.Unimplemented);
    }

    [Fact]
    public async Task Unknown_encoding_of_a_response_is_internal()
    {
        await using var server = await GrpcServer.StartRawAsync(http =>
        {
            http.Response.ContentType = "application/grpc";
            http.Response.Headers["grpc-encoding"] = "snappy";
            return Task.CompletedTask;
        });

        await CallAsync(server).FailsAsync(StatusCode.Internal);
    }

    [Theory]
    [InlineData(1, StatusCode.Internal)]
    [InlineData(2, StatusCode.Internal)]
    [InlineData(7, StatusCode.Unavailable)]
    [InlineData(8, StatusCode.Cancelled)]
    [InlineData(11, StatusCode.ResourceExhausted)]
    [InlineData(12, StatusCode.PermissionDenied)]
    public async Task Reset_of_the_stream_maps_by_its_code(int code, StatusCode expected)
    {
        await using var server = await GrpcServer.StartRawAsync(async http =>
        {
            // After the headers: SocketsHttpHandler by itself repeats a call that was refused before.
            http.Response.ContentType = "application/grpc";
            await http.Response.StartAsync();
            http.Features.GetRequiredFeature<IHttpResetFeature>().Reset(code);
        });

        await CallAsync(server).FailsAsync(expected);
    }

    [Fact]
    public async Task Nobody_listening_is_unavailable()
    {
        var server = await GrpcServer.StartAsync(Echo.BindService(new EchoService()));
        using var channel = server.CreateChannel();
        await server.DisposeAsync();

        var call = new Echo.EchoClient(channel).Duplex();

        await call.ResponseStream.MoveNext().FailsAsync(StatusCode.Unavailable);
        await call.RequestStream.WriteAsync(new EchoRequest()).FailsAsync(StatusCode.Unavailable);
        await call.ResponseHeadersAsync.FailsAsync(StatusCode.Unavailable);
    }

    [Fact]
    public async Task Lost_connection_is_unavailable_and_the_channel_recovers()
    {
        var service = new EchoService();
        await using var server = await GrpcServer.StartAsync(Echo.BindService(service));
        await using var relay = Relay.Start(server.Address);
        using var channel = GrpcChannel.ForAddress(relay.Address);
        var client = new Echo.EchoClient(channel);
        using var call = client.Duplex();
        await call.RequestStream.WriteAsync(new EchoRequest()).SoonAsync();
        Assert.True(await call.ResponseStream.MoveNext().SoonAsync());

        relay.CutAll();

        await call.ResponseStream.MoveNext().FailsAsync(StatusCode.Unavailable);
        await Eventually.HoldsAsync(() => service.CancelledCalls == 1, "the server saw the call end");
        await client.UnaryAsync(new EchoRequest()).ResponseAsync.SoonAsync();
        Assert.Empty(server.Logs.Lines);
    }

    [Fact]
    public async Task Silent_server_is_found_dead_by_pings()
    {
        await using var server = await GrpcServer.StartAsync(Echo.BindService(new EchoService()));
        await using var relay = Relay.Start(server.Address);
        var second = TimeSpan.FromSeconds(1);
        var options = new GrpcChannelOptions { KeepAlivePingDelay = second, KeepAlivePingTimeout = second };
        using var channel = GrpcChannel.ForAddress(relay.Address, options);
        using var call = new Echo.EchoClient(channel).Duplex();
        await call.RequestStream.WriteAsync(new EchoRequest()).SoonAsync();
        Assert.True(await call.ResponseStream.MoveNext().SoonAsync());

        relay.Freeze();

        await call.ResponseStream.MoveNext().FailsAsync(StatusCode.Unavailable);
    }

    [Fact]
    public async Task Connect_timeout_is_unavailable()
    {
        // A listener that never answers the TLS handshake.
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var options = new GrpcChannelOptions { ConnectTimeout = TimeSpan.FromMilliseconds(300) };
        using var channel = GrpcChannel.ForAddress($"https://{listener.LocalEndpoint}", options);

        await new Echo.EchoClient(channel).UnaryAsync(new EchoRequest()).ResponseAsync.FailsAsync(StatusCode.Unavailable);
    }

    [Fact]
    public async Task Writing_after_the_end_of_the_call_tells_its_status()
    {
        await using var server = await GrpcServer.StartAsync(Echo.BindService(new EchoService()));
        using var channel = server.CreateChannel();
        using var call = new Echo.EchoClient(channel).ClientStream();

        await call.RequestStream.WriteAsync(new EchoRequest { FailCode = (int)StatusCode.PermissionDenied }).SoonAsync();
        await call.ResponseAsync.FailsAsync(StatusCode.PermissionDenied);

        await call.RequestStream.WriteAsync(new EchoRequest()).FailsAsync(StatusCode.PermissionDenied);
    }

    [Fact]
    public async Task Writing_after_completion_is_a_mistake()
    {
        await using var server = await GrpcServer.StartAsync(Echo.BindService(new EchoService()));
        using var channel = server.CreateChannel();
        using var call = new Echo.EchoClient(channel).ClientStream();
        await call.RequestStream.CompleteAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => call.RequestStream.WriteAsync(new EchoRequest()));
    }

    [Theory]
    [InlineData("ftp://127.0.0.1:1")]
    [InlineData("http://127.0.0.1:1/path")]
    public void Addresses_that_are_none_are_refused(string address) =>
        Assert.Throws<ArgumentException>(() => GrpcChannel.ForAddress(address));

    private static async Task CallAsync(GrpcServer server)
    {
        using var channel = server.CreateChannel();
        await new Echo.EchoClient(channel).UnaryAsync(new EchoRequest()).ResponseAsync;
    }
}
