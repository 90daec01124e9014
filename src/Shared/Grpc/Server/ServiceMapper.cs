// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ClusterManager.Grpc.Server;

/// <summary>Makes an endpoint of every method of a service, with the interceptors around its handler.</summary>
internal sealed class ServiceMapper(IEndpointRouteBuilder endpoints, GrpcServiceOptions options)
    : ServiceBinderBase, IEndpointConventionBuilder
{
    private readonly List<IEndpointConventionBuilder> _methods = [];

    // Innermost first: the loop below wraps from the handler outwards.
    private readonly Interceptor[] _interceptors = [.. options.Interceptors.Reverse()];

    public void Add(Action<EndpointBuilder> convention) => _methods.ForEach(method => method.Add(convention));

    public void Finally(Action<EndpointBuilder> finallyConvention) => _methods.ForEach(method => method.Finally(finallyConvention));

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler)
    {
        if (handler is null)
            return;
        foreach (var interceptor in _interceptors)
        {
            var inner = handler;
            handler = (request, context) => interceptor.UnaryServerHandler(request, context, inner);
        }

        Map(method, async call => await call.WriteSingleAsync(method, await handler(await call.ReadSingleAsync(method), call)));
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler)
    {
        if (handler is null)
            return;
        foreach (var interceptor in _interceptors)
        {
            var inner = handler;
            handler = (requests, context) => interceptor.ClientStreamingServerHandler(requests, context, inner);
        }

        Map(method, async call => await call.WriteSingleAsync(method, await handler(Requests(call, method), call)));
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler)
    {
        if (handler is null)
            return;
        foreach (var interceptor in _interceptors)
        {
            var inner = handler;
            handler = (request, responses, context) => interceptor.ServerStreamingServerHandler(request, responses, context, inner);
        }

        Map(method, async call => await handler(await call.ReadSingleAsync(method), Responses(call, method), call));
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler)
    {
        if (handler is null)
            return;
        foreach (var interceptor in _interceptors)
        {
            var inner = handler;
            handler = (requests, responses, context) => interceptor.DuplexStreamingServerHandler(requests, responses, context, inner);
        }

        Map(method, call => handler(Requests(call, method), Responses(call, method), call));
    }

    private void Map(IMethod method, Func<ServerCall, Task> body)
    {
        var endpoint = endpoints.Map(method.FullName, http => CallRunner.RunAsync(http, method, options, body));
        _methods.Add(endpoint.WithMetadata(method, new HttpMethodMetadata([HttpMethods.Post])).WithDisplayName($"gRPC {method.FullName}"));
    }

    private static ServerStreamReader<TRequest> Requests<TRequest, TResponse>(ServerCall call, Method<TRequest, TResponse> method)
        where TRequest : class => new(call, method.RequestMarshaller);

    private static ServerStreamWriter<TResponse> Responses<TRequest, TResponse>(ServerCall call, Method<TRequest, TResponse> method)
        where TResponse : class => new(call, method.ResponseMarshaller);
}
