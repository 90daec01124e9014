// SPDX-License-Identifier: Apache-2.0
using System.Net;
using ClusterManager.Grpc.Server;
using ClusterManager.Shared.Tests.Grpc.Fixtures;
using ClusterManager.Shared.Tests.Grpc.Protos;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ClusterManager.Shared.Tests.Grpc;

/// <summary>What the server answers to wrong requests and to failing handlers.</summary>
public sealed class ServerRulesTests
{
    private const string UnaryPath = "/cm.grpc.test.Echo/Unary";

    [Theory]
    [InlineData(UnaryPath, "0000000000", "0")]
    [InlineData("/cm.grpc.test.Echo/NoSuchMethod", "0000000000", "12")]
    [InlineData("/no.such.Service/Unary", "0000000000", "12")]
    [InlineData("/cm.grpc.test.echo/unary", "0000000000", "12")] // paths are case-sensitive
    [InlineData(UnaryPath, "", "12")] // no request
    [InlineData(UnaryPath, "00000000000000000000", "12")] // two requests
    [InlineData(UnaryPath, "0300000000", "13")] // a flag that does not exist
    [InlineData(UnaryPath, "0100000001AA", "13")] // compressed without grpc-encoding
    [InlineData(UnaryPath, "00000000010A", "13")] // not a protobuf message
    [InlineData(UnaryPath, "0000000005AA", "13")] // ends inside the message
    [InlineData(UnaryPath, "0000500000", "8")] // 5 MiB announced
    public async Task Request_is_answered_with_the_status_of_the_rules(string path, string hex, string expected)
    {
        await using var server = await GrpcServer.StartAsync(Echo.BindService(new EchoService()));
        using var http = RawCalls.CreateClient();

        using var response = await http.SendAsync(RawCalls.Request(server, path, Convert.FromHexString(hex))).SoonAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(expected, await response.ReadStatusAsync());
        Assert.Empty(server.Logs.Lines);
    }

    [Theory]
    [InlineData("grpc-encoding", "snappy", "12")]
    [InlineData("grpc-encoding", "identity", "0")]
    [InlineData("grpc-timeout", "banana", "13")]
    [InlineData("grpc-timeout", "99999999H", "0")]
    [InlineData("grpc-timeout", "1n", "4")]
    public async Task Request_header_is_answered_with_the_status_of_the_rules(string key, string value, string expected)
    {
        await using var server = await GrpcServer.StartAsync(Echo.BindService(new EchoService()));
        using var http = RawCalls.CreateClient();
        var wait = new EchoRequest { DelayMillis = expected == "4" ? -1 : 0 }.ToByteArray();
        byte[] frame = [0, 0, 0, 0, (byte)wait.Length, .. wait];

        using var request = RawCalls.Request(server, UnaryPath, frame, headers: (key, value));
        using var response = await http.SendAsync(request).SoonAsync();

        Assert.Equal(expected, await response.ReadStatusAsync());
        Assert.Equal("identity,gzip", response.Headers.GetValues("grpc-accept-encoding").Single());
    }

    [Fact]
    public async Task Other_content_types_are_refused_with_415()
    {
        await using var server = await GrpcServer.StartAsync(Echo.BindService(new EchoService()));
        using var http = RawCalls.CreateClient();

        using var response = await http.SendAsync(RawCalls.Request(server, UnaryPath, [], "application/json")).SoonAsync();

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }

    [Fact]
    public async Task Grpc_over_http_1_is_refused_with_505()
    {
        await using var server = await GrpcServer.StartAsync(
            app => app.MapGrpcService(Echo.BindService(new EchoService())), listen => listen.Protocols = HttpProtocols.Http1);
        using var http = RawCalls.CreateClient();
        using var request = RawCalls.Request(server, UnaryPath, [0, 0, 0, 0, 0]);
        request.Version = HttpVersion.Version11;

        using var response = await http.SendAsync(request).SoonAsync();

        Assert.Equal(HttpStatusCode.HttpVersionNotSupported, response.StatusCode);
    }

    [Fact]
    public async Task Routes_beside_grpc_keep_their_answers()
    {
        await using var server = await GrpcServer.StartAsync(
            app =>
            {
                app.MapGrpcService(Echo.BindService(new EchoService()));
                app.MapPost("/api/thing", () => "rest");
                app.MapFallback(() => Results.Text("page"));
            },
            listen => listen.Protocols = HttpProtocols.Http1);
        using var http = RawCalls.CreateClient();

        using var rest = await http.PostAsync(new Uri(server.Address, "/api/thing"), null).SoonAsync();
        using var page = await http.GetAsync(new Uri(server.Address, "/ui/start")).SoonAsync();

        Assert.Equal("rest", await rest.Content.ReadAsStringAsync());
        Assert.Equal("page", await page.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Unhandled_exception_becomes_unknown_without_its_text_and_is_logged_once()
    {
        await using var server = await GrpcServer.StartAsync(Echo.BindService(new FailingService()));
        using var channel = server.CreateChannel();

        var error = await new Echo.EchoClient(channel).UnaryAsync(new EchoRequest()).ResponseAsync.FailsAsync(StatusCode.Unknown);

        Assert.DoesNotContain("canary", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("canary", Assert.Single(server.Logs.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exception_after_messages_still_ends_with_a_status()
    {
        await using var server = await GrpcServer.StartAsync(Echo.BindService(new FailingService()));
        using var channel = server.CreateChannel();

        using var call = new Echo.EchoClient(channel).ServerStream(new EchoRequest());
        Assert.True(await call.ResponseStream.MoveNext().SoonAsync());
        await call.ResponseStream.MoveNext().FailsAsync(StatusCode.Unknown);
    }

    [Fact]
    public async Task Status_set_by_the_handler_is_sent_when_it_returns()
    {
        await using var server = await GrpcServer.StartAsync(Echo.BindService(new FailingService()));
        using var channel = server.CreateChannel();

        using var call = new Echo.EchoClient(channel).ClientStream();
        await call.ResponseAsync.FailsAsync(StatusCode.OutOfRange);
    }

    [Fact]
    public async Task Method_that_the_service_does_not_override_is_unimplemented()
    {
        await using var server = await GrpcServer.StartAsync(Echo.BindService(new EchoService()));
        using var channel = server.CreateChannel();

        await new Echo.EchoClient(channel).NotThereAsync(new EchoRequest()).ResponseAsync.FailsAsync(StatusCode.Unimplemented);
    }

    [Fact]
    public async Task Context_tells_method_peer_host_and_deadline()
    {
        var service = new EchoService();
        await using var server = await GrpcServer.StartAsync(Echo.BindService(service));
        using var channel = server.CreateChannel();
        var deadline = DateTime.UtcNow.AddMinutes(3);

        await new Echo.EchoClient(channel).UnaryAsync(new EchoRequest(), deadline: deadline).ResponseAsync.SoonAsync();
        await new Echo.EchoClient(channel).UnaryAsync(new EchoRequest()).ResponseAsync.SoonAsync();

        var contexts = service.Calls.ToArray();
        Assert.Equal(UnaryPath, contexts[0].Method);
        Assert.StartsWith("ipv4:127.0.0.1:", contexts[0].Peer, StringComparison.Ordinal);
        Assert.Equal(server.Address.Authority, contexts[0].Host);
        Assert.InRange(contexts[0].Deadline, deadline.AddSeconds(-2), deadline.AddSeconds(2));
        Assert.Equal(DateTime.MaxValue, contexts[1].Deadline);
    }

    [Fact]
    public async Task Second_write_while_one_is_running_is_refused()
    {
        var outcome = new TaskCompletionSource<Exception>();
        await using var server = await GrpcServer.StartAsync(Echo.BindService(new DoubleWriter(outcome)));
        using var channel = server.CreateChannel();

        using var call = new Echo.EchoClient(channel).ServerStream(new EchoRequest());

        Assert.IsType<InvalidOperationException>(await outcome.Task.SoonAsync());
    }

    [Fact]
    public async Task Write_left_behind_by_a_handler_resets_the_stream_and_is_logged()
    {
        await using var server = await GrpcServer.StartAsync(Echo.BindService(new LeavingWriter()));
        using var channel = server.CreateChannel();

        using var call = new Echo.EchoClient(channel).ServerStream(new EchoRequest());
        await Eventually.HoldsAsync(() => !server.Logs.Lines.IsEmpty, "the server logged it");

        await call.ResponseStream.MoveNext().FailsAsync(StatusCode.Internal);
        Assert.Contains("WriteLeftBehind", Assert.Single(server.Logs.Lines), StringComparison.Ordinal);
    }

    private sealed class FailingService : Echo.EchoBase
    {
        public override Task<EchoReply> Unary(EchoRequest request, ServerCallContext context) =>
            throw new InvalidDataException("canary: a secret path");

        public override async Task ServerStream(
            EchoRequest request, IServerStreamWriter<EchoReply> responseStream, ServerCallContext context)
        {
            await responseStream.WriteAsync(new EchoReply());
            throw new InvalidDataException("canary");
        }

        public override Task<EchoReply> ClientStream(IAsyncStreamReader<EchoRequest> requestStream, ServerCallContext context)
        {
            context.Status = new Status(StatusCode.OutOfRange, "set");
            return Task.FromResult(new EchoReply());
        }
    }

    private sealed class DoubleWriter(TaskCompletionSource<Exception> outcome) : Echo.EchoBase
    {
        public override async Task ServerStream(
            EchoRequest request, IServerStreamWriter<EchoReply> responseStream, ServerCallContext context)
        {
            var big = new EchoReply { Payload = UnsafeByteOperations.UnsafeWrap(new byte[3_000_000]) };
            var first = responseStream.WriteAsync(big); // hangs: the client does not read
            outcome.SetResult((await Record.ExceptionAsync(() => responseStream.WriteAsync(big)))!);
            await first;
        }
    }

    private sealed class LeavingWriter : Echo.EchoBase
    {
        private Task? _left;

        public override Task ServerStream(EchoRequest request, IServerStreamWriter<EchoReply> responseStream, ServerCallContext context)
        {
            _left = responseStream.WriteAsync(new EchoReply { Payload = UnsafeByteOperations.UnsafeWrap(new byte[3_000_000]) });
            return _left.IsCompleted ? _left : Task.CompletedTask;
        }
    }
}
