// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Shared.Tests.Grpc.Fixtures;
using ClusterManager.Shared.Tests.Grpc.Protos.Official;
using Grpc.Core;
using Grpc.Net.Client;

namespace ClusterManager.Shared.Tests.Grpc.Interop;

/// <summary>The official interoperability cases, as our client runs them.</summary>
internal static class OfficialCases
{
    private const string SpecialMessage = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n";
    private static readonly (int Size, int Sent)[] Pairs = [(31415, 27182), (9, 8), (2653, 1828), (58979, 45904)];
    private static readonly byte[] TrailingValue = [0xAB, 0xAB, 0xAB];

    /// <summary>All cases by their official names.</summary>
    public static IReadOnlyDictionary<string, Func<GrpcChannel, Task>> All { get; } = new SortedDictionary<string, Func<GrpcChannel, Task>>(
        StringComparer.Ordinal)
    {
        ["empty_unary"] = async channel =>
            Assert.Equal(new Empty(), await Client(channel).EmptyCallAsync(new Empty()).ResponseAsync.SoonAsync()),
        ["large_unary"] = LargeUnaryAsync,
        ["client_streaming"] = ClientStreamingAsync,
        ["server_streaming"] = ServerStreamingAsync,
        ["ping_pong"] = PingPongAsync,
        ["empty_stream"] = EmptyStreamAsync,
        ["cancel_after_begin"] = CancelAfterBeginAsync,
        ["cancel_after_first_response"] = CancelAfterFirstResponseAsync,
        ["timeout_on_sleeping_server"] = TimeoutOnSleepingServerAsync,
        ["custom_metadata"] = CustomMetadataAsync,
        ["status_code_and_message"] = StatusCodeAndMessageAsync,
        ["special_status_message"] = SpecialStatusMessageAsync,
        ["unimplemented_method"] = channel =>
            Client(channel).UnimplementedCallAsync(new Empty()).ResponseAsync.FailsAsync(StatusCode.Unimplemented),
        ["unimplemented_service"] = channel =>
            new UnimplementedService.UnimplementedServiceClient(channel).UnimplementedCallAsync(new Empty()).ResponseAsync
                .FailsAsync(StatusCode.Unimplemented),
    };

    private static TestService.TestServiceClient Client(GrpcChannel channel) => new(channel);

    private static StreamingOutputCallRequest Request(int size, int sent) => new()
    {
        ResponseParameters = { new ResponseParameters { Size = size } }, Payload = OfficialService.Zeros(sent),
    };

    /// <summary>Writes; the call may end with the status that it is to end with before the write is done.</summary>
    private static async Task WriteUntilEndAsync(
        AsyncDuplexStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call, StreamingOutputCallRequest request,
        StatusCode end)
    {
        try
        {
            await call.RequestStream.WriteAsync(request).SoonAsync();
        }
        catch (RpcException error)
        {
            Assert.Equal(end, error.StatusCode);
        }
    }

    private static async Task LargeUnaryAsync(GrpcChannel channel)
    {
        var request = new SimpleRequest { ResponseSize = 314159, Payload = OfficialService.Zeros(271828) };
        var reply = await Client(channel).UnaryCallAsync(request).ResponseAsync.SoonAsync();
        Assert.Equal(OfficialService.Zeros(314159), reply.Payload);
    }

    private static async Task ClientStreamingAsync(GrpcChannel channel)
    {
        using var call = Client(channel).StreamingInputCall();
        foreach (var size in (int[])[27182, 8, 1828, 45904])
            await call.RequestStream.WriteAsync(new StreamingInputCallRequest { Payload = OfficialService.Zeros(size) }).SoonAsync();
        await call.RequestStream.CompleteAsync();
        Assert.Equal(74922, (await call.ResponseAsync.SoonAsync()).AggregatedPayloadSize);
    }

    private static async Task ServerStreamingAsync(GrpcChannel channel)
    {
        var request = new StreamingOutputCallRequest();
        request.ResponseParameters.AddRange(Pairs.Select(pair => new ResponseParameters { Size = pair.Size }));
        using var call = Client(channel).StreamingOutputCall(request);
        var sizes = new List<int>();
        while (await call.ResponseStream.MoveNext().SoonAsync())
            sizes.Add(call.ResponseStream.Current.Payload.Body.Length);
        Assert.Equal(Pairs.Select(pair => pair.Size), sizes);
    }

    private static async Task PingPongAsync(GrpcChannel channel)
    {
        using var call = Client(channel).FullDuplexCall();
        foreach (var (size, sent) in Pairs)
        {
            await call.RequestStream.WriteAsync(Request(size, sent)).SoonAsync();
            Assert.True(await call.ResponseStream.MoveNext().SoonAsync());
            Assert.Equal(size, call.ResponseStream.Current.Payload.Body.Length);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext().SoonAsync());
    }

    private static async Task EmptyStreamAsync(GrpcChannel channel)
    {
        using var call = Client(channel).FullDuplexCall();
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext().SoonAsync());
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    private static async Task CancelAfterBeginAsync(GrpcChannel channel)
    {
        using var cancelling = new CancellationTokenSource();
        using var call = Client(channel).StreamingInputCall(cancellationToken: cancelling.Token);
        await cancelling.CancelAsync();
        await call.ResponseAsync.FailsAsync(StatusCode.Cancelled);
    }

    private static async Task CancelAfterFirstResponseAsync(GrpcChannel channel)
    {
        using var cancelling = new CancellationTokenSource();
        using var call = Client(channel).FullDuplexCall(cancellationToken: cancelling.Token);
        await call.RequestStream.WriteAsync(Request(31415, 27182)).SoonAsync();
        Assert.True(await call.ResponseStream.MoveNext().SoonAsync());
        await cancelling.CancelAsync();
        await call.ResponseStream.MoveNext().FailsAsync(StatusCode.Cancelled);
    }

    private static async Task TimeoutOnSleepingServerAsync(GrpcChannel channel)
    {
        using var call = Client(channel).FullDuplexCall(deadline: DateTime.UtcNow.AddMilliseconds(1));
        var request = new StreamingOutputCallRequest { Payload = OfficialService.Zeros(27182) };
        await WriteUntilEndAsync(call, request, StatusCode.DeadlineExceeded);
        await call.ResponseStream.MoveNext().FailsAsync(StatusCode.DeadlineExceeded);
    }

    private static async Task CustomMetadataAsync(GrpcChannel channel)
    {
        const string value = "test_initial_metadata_value";
        var headers = new Metadata { { OfficialService.EchoInitial, value }, { OfficialService.EchoTrailing, TrailingValue } };
        using var unary = Client(channel).UnaryCallAsync(
            new SimpleRequest { ResponseSize = 314159, Payload = OfficialService.Zeros(271828) }, headers);
        await unary.ResponseAsync.SoonAsync();
        Assert.Equal(value, (await unary.ResponseHeadersAsync.SoonAsync()).GetValue(OfficialService.EchoInitial));
        Assert.Equal(TrailingValue, unary.GetTrailers().GetValueBytes(OfficialService.EchoTrailing));

        using var duplex = Client(channel).FullDuplexCall(headers);
        await duplex.RequestStream.WriteAsync(Request(314159, 271828)).SoonAsync();
        await duplex.RequestStream.CompleteAsync();
        Assert.True(await duplex.ResponseStream.MoveNext().SoonAsync());
        Assert.False(await duplex.ResponseStream.MoveNext().SoonAsync());
        Assert.Equal(value, (await duplex.ResponseHeadersAsync.SoonAsync()).GetValue(OfficialService.EchoInitial));
        Assert.Equal(TrailingValue, duplex.GetTrailers().GetValueBytes(OfficialService.EchoTrailing));
    }

    private static async Task StatusCodeAndMessageAsync(GrpcChannel channel)
    {
        var wanted = new EchoStatus { Code = 2, Message = "test status message" };
        var unary = await Client(channel).UnaryCallAsync(new SimpleRequest { ResponseStatus = wanted }).ResponseAsync
            .FailsAsync(StatusCode.Unknown);
        Assert.Equal(wanted.Message, unary.Status.Detail);

        using var call = Client(channel).FullDuplexCall();
        await WriteUntilEndAsync(call, new StreamingOutputCallRequest { ResponseStatus = wanted }, StatusCode.Unknown);
        await call.RequestStream.CompleteAsync();
        var duplex = await call.ResponseStream.MoveNext().FailsAsync(StatusCode.Unknown);
        Assert.Equal(wanted.Message, duplex.Status.Detail);
    }

    private static async Task SpecialStatusMessageAsync(GrpcChannel channel)
    {
        var wanted = new EchoStatus { Code = 2, Message = SpecialMessage };
        var error = await Client(channel).UnaryCallAsync(new SimpleRequest { ResponseStatus = wanted }).ResponseAsync
            .FailsAsync(StatusCode.Unknown);
        Assert.Equal(SpecialMessage, error.Status.Detail);
    }
}
