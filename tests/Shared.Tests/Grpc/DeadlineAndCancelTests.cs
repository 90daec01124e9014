// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Grpc.Server;
using ClusterManager.Shared.Tests.Grpc.Fixtures;
using ClusterManager.Shared.Tests.Grpc.Protos;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ClusterManager.Shared.Tests.Grpc;

/// <summary>Deadlines and cancellation, seen from both sides.</summary>
public sealed class DeadlineAndCancelTests
{
    private static readonly EchoRequest WaitForever = new() { DelayMillis = -1 };

    private static DateTime Soon => DateTime.UtcNow.AddMilliseconds(200);

    [Fact]
    public async Task Deadline_ends_the_call_on_both_sides()
    {
        var service = new EchoService();
        await using var server = await GrpcServer.StartAsync(Echo.BindService(service));
        using var channel = server.CreateChannel();

        await new Echo.EchoClient(channel).UnaryAsync(WaitForever, deadline: Soon).ResponseAsync.FailsAsync(StatusCode.DeadlineExceeded);

        await Eventually.HoldsAsync(() => service.CancelledCalls == 1, "the handler was cancelled");
    }

    [Fact]
    public async Task Deadline_in_the_past_ends_the_call_without_sending_it()
    {
        var service = new EchoService();
        await using var server = await GrpcServer.StartAsync(Echo.BindService(service));
        using var channel = server.CreateChannel();

        await new Echo.EchoClient(channel).UnaryAsync(new EchoRequest(), deadline: DateTime.UtcNow.AddSeconds(-1))
            .ResponseAsync.FailsAsync(StatusCode.DeadlineExceeded);

        Assert.Empty(service.Calls);
    }

    [Fact]
    public async Task Deadline_ends_an_idle_stream()
    {
        await using var server = await GrpcServer.StartAsync(Echo.BindService(new EchoService()));
        using var channel = server.CreateChannel();
        using var call = new Echo.EchoClient(channel).Duplex(deadline: Soon);

        await call.ResponseStream.MoveNext().FailsAsync(StatusCode.DeadlineExceeded);
        await call.RequestStream.WriteAsync(new EchoRequest()).FailsAsync(StatusCode.DeadlineExceeded);
    }

    [Fact]
    public async Task Server_answers_at_the_deadline_even_if_the_handler_does_not_look()
    {
        var gate = new TaskCompletionSource();
        await using var server = await GrpcServer.StartAsync(Echo.BindService(new DeafService(gate.Task)));
        using var http = RawCalls.CreateClient();

        using var request = RawCalls.Request(server, "/cm.grpc.test.Echo/Unary", [0, 0, 0, 0, 0], headers: ("grpc-timeout", "100m"));
        using var response = await http.SendAsync(request).SoonAsync();

        Assert.Equal("4", await response.ReadStatusAsync());
        gate.SetResult();
    }

    [Fact]
    public async Task Server_resets_a_call_whose_write_hangs_at_the_deadline()
    {
        var service = new EchoService();
        await using var server = await GrpcServer.StartAsync(Echo.BindService(service));
        using var http = RawCalls.CreateClient();
        var request = new EchoRequest { Count = 1000, ReplyBytes = 100_000 }.ToByteArray();

        using var message = RawCalls.Request(
            server, "/cm.grpc.test.Echo/ServerStream", [0, 0, 0, 0, (byte)request.Length, .. request], headers: ("grpc-timeout", "300m"));
        using var response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead).SoonAsync();
        await Eventually.HoldsAsync(() => service.Calls.First().Cancellation.IsCancellationRequested, "the deadline passed");

        var error = await Assert.ThrowsAsync<HttpRequestException>(() => response.Content.CopyToAsync(Stream.Null).SoonAsync());
        Assert.Equal(8, Assert.IsType<HttpProtocolException>(error.InnerException).ErrorCode);
    }

    [Fact]
    public async Task Client_token_cancels_the_handler_and_the_call()
    {
        var service = new EchoService();
        await using var server = await GrpcServer.StartAsync(Echo.BindService(service));
        using var channel = server.CreateChannel();
        using var cancelling = new CancellationTokenSource();

        var call = new Echo.EchoClient(channel).UnaryAsync(WaitForever, cancellationToken: cancelling.Token);
        await Eventually.HoldsAsync(() => !service.Calls.IsEmpty, "the call reached the server");
        await cancelling.CancelAsync();

        await call.ResponseAsync.FailsAsync(StatusCode.Cancelled);
        await Eventually.HoldsAsync(() => service.CancelledCalls == 1, "the handler was cancelled");
    }

    [Fact]
    public async Task Disposing_a_call_cancels_the_handler_though_nobody_reads()
    {
        var service = new EchoService();
        await using var server = await GrpcServer.StartAsync(Echo.BindService(service));
        using var channel = server.CreateChannel();
        var call = new Echo.EchoClient(channel).Duplex();
        await call.RequestStream.WriteAsync(new EchoRequest()).SoonAsync();
        Assert.True(await call.ResponseStream.MoveNext().SoonAsync());

        call.Dispose();

        await Eventually.HoldsAsync(() => service.CancelledCalls == 1, "the handler was cancelled");
        Assert.Equal(StatusCode.Cancelled, call.GetStatus().StatusCode);
        Assert.Empty(server.Logs.Lines);
    }

    [Fact]
    public async Task Cancelling_frees_a_handler_whose_write_hangs()
    {
        var service = new EchoService();
        await using var server = await GrpcServer.StartAsync(Echo.BindService(service));
        using var channel = server.CreateChannel();
        using var call = new Echo.EchoClient(channel).Duplex();
        await call.RequestStream.WriteAsync(new EchoRequest { ReplyBytes = 3_000_000 }).SoonAsync();
        await call.ResponseHeadersAsync.SoonAsync(); // the handler now waits in its write, as nobody reads

        call.Dispose();

        await Eventually.HoldsAsync(() => service.CancelledCalls == 1, "the handler was cancelled");
        Assert.Empty(server.Logs.Lines);
    }

    [Fact]
    public async Task Cancelling_one_read_cancels_the_call()
    {
        var service = new EchoService();
        await using var server = await GrpcServer.StartAsync(Echo.BindService(service));
        using var channel = server.CreateChannel();
        using var call = new Echo.EchoClient(channel).Duplex();
        await call.RequestStream.WriteAsync(new EchoRequest()).SoonAsync();
        Assert.True(await call.ResponseStream.MoveNext().SoonAsync());
        using var cancelling = new CancellationTokenSource();

        var read = call.ResponseStream.MoveNext(cancelling.Token);
        await cancelling.CancelAsync();

        await read.FailsAsync(StatusCode.Cancelled);
        await Eventually.HoldsAsync(() => service.CancelledCalls == 1, "the handler was cancelled");
    }

    [Fact]
    public async Task Cancelling_before_the_server_answers_resets_the_stream()
    {
        var reset = new TaskCompletionSource<string>();
        await using var server = await GrpcServer.StartRawAsync(async http =>
        {
            var error = await Record.ExceptionAsync(async () =>
            {
                while (true)
                {
                    var read = await http.Request.BodyReader.ReadAsync();
                    http.Request.BodyReader.AdvanceTo(read.Buffer.End);
                    if (read.IsCompleted)
                        return;
                }
            });
            reset.SetResult(error?.ToString() ?? "the request ended as if it were complete");
        });
        using var channel = server.CreateChannel();
        var call = new Echo.EchoClient(channel).Duplex();
        await call.RequestStream.WriteAsync(new EchoRequest()).SoonAsync();

        call.Dispose();

        // Kestrel does not tell the code of the RST_STREAM; the tests against Node do.
        Assert.Contains("The client reset the request stream", await reset.Task.SoonAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disposing_the_channel_cancels_its_calls()
    {
        var service = new EchoService();
        await using var server = await GrpcServer.StartAsync(Echo.BindService(service));
        var channel = server.CreateChannel();
        var call = new Echo.EchoClient(channel).UnaryAsync(WaitForever);
        await Eventually.HoldsAsync(() => !service.Calls.IsEmpty, "the call reached the server");

        channel.Dispose();

        await call.ResponseAsync.FailsAsync(StatusCode.Cancelled);
        await Eventually.HoldsAsync(() => service.CancelledCalls == 1, "the handler was cancelled");
        Assert.Throws<ObjectDisposedException>(channel.CreateCallInvoker);
    }

    [Fact]
    public async Task Handler_may_cancel_the_call_from_its_side()
    {
        await using var server = await GrpcServer.StartAsync(Echo.BindService(new EchoService()));
        using var channel = server.CreateChannel();
        using var call = new Echo.EchoClient(channel).Duplex();

        await call.RequestStream.WriteAsync(new EchoRequest { FailCode = (int)StatusCode.Cancelled }).SoonAsync();

        await call.ResponseStream.MoveNext().FailsAsync(StatusCode.Cancelled);
    }

    [Fact]
    public async Task Stopping_server_ends_open_streams_as_unavailable()
    {
        var service = new EchoService();
        var server = await GrpcServer.StartAsync(Echo.BindService(service));
        using var channel = server.CreateChannel();
        using var call = new Echo.EchoClient(channel).Duplex();
        await call.RequestStream.WriteAsync(new EchoRequest()).SoonAsync();
        Assert.True(await call.ResponseStream.MoveNext().SoonAsync());

        await server.DisposeAsync();

        await call.ResponseStream.MoveNext().FailsAsync(StatusCode.Unavailable);
    }

    private sealed class DeafService(Task gate) : Echo.EchoBase
    {
        public override async Task<EchoReply> Unary(EchoRequest request, ServerCallContext context)
        {
            await gate;
            return new EchoReply();
        }
    }
}
