// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using ClusterManager.Shared.Tests.Grpc.Protos;
using Google.Protobuf;
using Grpc.Core;

namespace ClusterManager.Shared.Tests.Grpc.Fixtures;

/// <summary>The service of the tests. It does what each request asks for, and remembers what became of its calls.</summary>
internal sealed class EchoService : Echo.EchoBase
{
    /// <summary>What the handlers were told, one entry per request.</summary>
    public ConcurrentQueue<SeenCall> Calls { get; } = new();

    /// <summary>Calls that ended because their token was cancelled.</summary>
    public int CancelledCalls;

    /// <summary>Streams stop here before they read or write, until it is opened.</summary>
    public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Messages written by server streams so far.</summary>
    public int WrittenReplies;

    public EchoService(bool gateOpen = true)
    {
        if (gateOpen)
            Gate.SetResult();
    }

    public override async Task<EchoReply> Unary(EchoRequest request, ServerCallContext context)
    {
        await ObeyAsync(request, context);
        return Reply(request, 0);
    }

    public override async Task ServerStream(EchoRequest request, IServerStreamWriter<EchoReply> responseStream, ServerCallContext context)
    {
        Remember(context);
        for (var i = 0; i < request.Count; i++)
        {
            await responseStream.WriteAsync(Reply(request, i));
            Interlocked.Increment(ref WrittenReplies);
        }

        await ObeyAsync(request, context);
    }

    public override async Task<EchoReply> ClientStream(IAsyncStreamReader<EchoRequest> requestStream, ServerCallContext context)
    {
        var reply = new EchoReply();
        await Gate.Task.WaitAsync(context.CancellationToken);
        await foreach (var request in requestStream.ReadAllAsync(context.CancellationToken))
        {
            reply.Index++;
            reply.ReceivedBytes += request.Payload.Length;
            await ObeyAsync(request, context);
        }

        return reply;
    }

    public override async Task Duplex(
        IAsyncStreamReader<EchoRequest> requestStream, IServerStreamWriter<EchoReply> responseStream, ServerCallContext context)
    {
        try
        {
            for (var i = 0; await requestStream.MoveNext(CancellationToken.None); i++)
            {
                await ObeyAsync(requestStream.Current, context);
                await responseStream.WriteAsync(Reply(requestStream.Current, i));
            }
        }
        catch (OperationCanceledException) when (context.CancellationToken.IsCancellationRequested)
        {
            Interlocked.Increment(ref CancelledCalls);
            throw;
        }
    }

    private void Remember(ServerCallContext context) => Calls.Enqueue(
        new(context.Method, context.Host, context.Peer, context.Deadline, context.RequestHeaders, context.CancellationToken));

    private async Task ObeyAsync(EchoRequest request, ServerCallContext context)
    {
        Remember(context);
        if (request.DelayMillis != 0)
            await WaitAsync(request.DelayMillis, context.CancellationToken);
        if (request.FailCode == 0)
            return;
        var trailers = new Metadata { { "reason", "as-asked" } };
        if (request.FailDetailsBin.Length > 0)
            trailers.Add("grpc-status-details-bin", request.FailDetailsBin.ToByteArray());
        throw new RpcException(new Status((StatusCode)request.FailCode, request.FailDetail), trailers);
    }

    private async Task WaitAsync(int millis, CancellationToken cancellationToken)
    {
        try
        {
            var delay = millis < 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(millis);
            await Task.Delay(delay, TimeProvider.System, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Interlocked.Increment(ref CancelledCalls);
            throw;
        }
    }

    private static EchoReply Reply(EchoRequest request, int index)
    {
        var payload = request.ReplyBytes > 0 ? UnsafeByteOperations.UnsafeWrap(new byte[request.ReplyBytes]) : request.Payload;
        var reply = new EchoReply { Payload = payload, Index = index, ReceivedBytes = request.Payload.Length };
        reply.Labels.Add(request.Labels);
        return reply;
    }
}

/// <summary>What a handler was told about a call.</summary>
internal sealed record SeenCall(
    string Method, string Host, string Peer, DateTime Deadline, Metadata RequestHeaders, CancellationToken Cancellation);
