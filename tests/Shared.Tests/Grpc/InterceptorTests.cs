// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using ClusterManager.Grpc.Server;
using ClusterManager.Shared.Tests.Grpc.Fixtures;
using ClusterManager.Shared.Tests.Grpc.Protos;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace ClusterManager.Shared.Tests.Grpc;

/// <summary>Interceptors of clients and servers, for all four kinds of calls.</summary>
public sealed class InterceptorTests
{
    [Fact]
    public async Task Client_interceptors_see_every_kind_of_call_in_the_order_given()
    {
        var log = new ConcurrentQueue<string>();
        var service = new EchoService();
        await using var server = await GrpcServer.StartAsync(Echo.BindService(service));
        using var channel = server.CreateChannel();
        var client = new Echo.EchoClient(channel.Intercept(new Recorder("a", log), new Recorder("b", log)));

        await CallAllKindsAsync(client);

        Assert.Equal(
            ["a Unary", "b Unary", "a ServerStream", "b ServerStream", "a ClientStream", "b ClientStream", "a Duplex", "b Duplex"], log);
        // b replaced what a had set: the one nearer to the wire has the last word.
        Assert.All(service.Calls, call => Assert.Equal("b", call.RequestHeaders.GetValue("by")));
    }

    [Fact]
    public async Task Server_interceptors_see_every_kind_of_call_in_the_order_given()
    {
        var log = new ConcurrentQueue<string>();
        var options = new GrpcServiceOptions { Interceptors = [new Recorder("a", log), new Recorder("b", log)] };
        await using var server = await GrpcServer.StartAsync(Echo.BindService(new EchoService()), options);
        using var channel = server.CreateChannel();

        await CallAllKindsAsync(new Echo.EchoClient(channel));

        Assert.Equal(
            ["a Unary", "b Unary", "a ServerStream", "b ServerStream", "a ClientStream", "b ClientStream", "a Duplex", "b Duplex"], log);
    }

    [Fact]
    public async Task Server_interceptor_may_refuse_a_call_before_its_handler()
    {
        var service = new EchoService();
        await using var server = await GrpcServer.StartAsync(
            Echo.BindService(service), new GrpcServiceOptions { Interceptors = [new Refuser()] });
        using var channel = server.CreateChannel();

        await new Echo.EchoClient(channel).UnaryAsync(new EchoRequest()).ResponseAsync.FailsAsync(StatusCode.Unauthenticated);

        Assert.Empty(service.Calls);
    }

    [Fact]
    public async Task Headers_can_be_added_to_every_call_without_touching_the_callers()
    {
        var service = new EchoService();
        await using var server = await GrpcServer.StartAsync(Echo.BindService(service));
        using var channel = server.CreateChannel();
        var client = new Echo.EchoClient(channel.CreateCallInvoker().Intercept(headers =>
        {
            headers.Add("token", "t");
            return headers;
        }));
        var own = new Metadata { { "own", "o" } };

        await client.UnaryAsync(new EchoRequest(), own).ResponseAsync.SoonAsync();
        await client.WithHost("example.test").UnaryAsync(new EchoRequest(), own).ResponseAsync.SoonAsync();

        Assert.Single(own);
        Assert.All(service.Calls, call => Assert.Equal("t", call.RequestHeaders.GetValue("token")));
        Assert.All(service.Calls, call => Assert.Equal("o", call.RequestHeaders.GetValue("own")));
        Assert.Equal("example.test", service.Calls.Last().Host);
    }

    private static async Task CallAllKindsAsync(Echo.EchoClient client)
    {
        await client.UnaryAsync(new EchoRequest()).ResponseAsync.SoonAsync();

        using var serverStream = client.ServerStream(new EchoRequest { Count = 1 });
        Assert.Single(await serverStream.ResponseStream.ReadAllAsync().ToListAsync().AsTask().SoonAsync());

        using var clientStream = client.ClientStream();
        await clientStream.RequestStream.WriteAsync(new EchoRequest()).SoonAsync();
        await clientStream.RequestStream.CompleteAsync();
        await clientStream.ResponseAsync.SoonAsync();

        using var duplex = client.Duplex();
        await duplex.RequestStream.WriteAsync(new EchoRequest()).SoonAsync();
        await duplex.RequestStream.CompleteAsync();
        Assert.Single(await duplex.ResponseStream.ReadAllAsync().ToListAsync().AsTask().SoonAsync());
    }

    /// <summary>Notes each call and signs its headers.</summary>
    private sealed class Recorder(string name, ConcurrentQueue<string> log) : Interceptor
    {
        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            TRequest request,
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncUnaryCallContinuation<TRequest, TResponse> continuation) => continuation(request, Sign(context));

        public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
            TRequest request,
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation) => continuation(request, Sign(context));

        public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncClientStreamingCallContinuation<TRequest, TResponse> continuation) => continuation(Sign(context));

        public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation) => continuation(Sign(context));

        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        {
            Note(context);
            return continuation(request, context);
        }

        public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream,
            ServerCallContext context,
            ClientStreamingServerMethod<TRequest, TResponse> continuation)
        {
            Note(context);
            return continuation(requestStream, context);
        }

        public override Task ServerStreamingServerHandler<TRequest, TResponse>(
            TRequest request,
            IServerStreamWriter<TResponse> responseStream,
            ServerCallContext context,
            ServerStreamingServerMethod<TRequest, TResponse> continuation)
        {
            Note(context);
            return continuation(request, responseStream, context);
        }

        public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream,
            IServerStreamWriter<TResponse> responseStream,
            ServerCallContext context,
            DuplexStreamingServerMethod<TRequest, TResponse> continuation)
        {
            Note(context);
            return continuation(requestStream, responseStream, context);
        }

        private void Note(ServerCallContext context) => log.Enqueue($"{name} {context.Method.Split('/')[^1]}");

        private ClientInterceptorContext<TRequest, TResponse> Sign<TRequest, TResponse>(
            ClientInterceptorContext<TRequest, TResponse> context)
            where TRequest : class
            where TResponse : class
        {
            log.Enqueue($"{name} {context.Method.Name}");
            return new(context.Method, context.Host, context.Options.WithHeaders(new Metadata { { "by", name } }));
        }
    }

    private sealed class Refuser : Interceptor
    {
        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
            throw new RpcException(new Status(StatusCode.Unauthenticated, "who are you?"));
    }
}
