// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Grpc.Core.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;

namespace ClusterManager.Grpc.Server;

/// <summary>
/// Answers gRPC calls that no mapped method takes. It sees gRPC calls only, so that REST and pages on the same port keep their 404.
/// </summary>
internal sealed class UnimplementedEndpoint : EndpointDataSource
{
    private readonly Endpoint _endpoint = Build();

    public override IReadOnlyList<Endpoint> Endpoints => [_endpoint];

    public static void AddOnce(IEndpointRouteBuilder endpoints)
    {
        if (!endpoints.DataSources.OfType<UnimplementedEndpoint>().Any())
            endpoints.DataSources.Add(new UnimplementedEndpoint());
    }

    public override IChangeToken GetChangeToken() => NullChangeToken.Singleton;

    private static Endpoint Build()
    {
        var policies = new RouteValueDictionary { ["grpcService"] = new GrpcCallsOnly() };
        var pattern = RoutePatternFactory.Parse("{grpcService}/{grpcMethod}", defaults: null, policies);
        // The latest of all: any other route that fits goes first.
        return new RouteEndpointBuilder(AnswerAsync, pattern, order: int.MaxValue - 1) { DisplayName = "gRPC unimplemented" }.Build();
    }

    private static Task AnswerAsync(HttpContext http) =>
        Responses.RejectAsync(http, new Status(StatusCode.Unimplemented, "This server does not have this service or method."));

    // The method is checked here, not by endpoint metadata: that would turn the 404 of a GET elsewhere into 405.
    private sealed class GrpcCallsOnly : IRouteConstraint
    {
        public bool Match(
            HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
            httpContext is not null
            && HttpMethods.IsPost(httpContext.Request.Method)
            && GrpcNames.IsGrpcContentType(httpContext.Request.ContentType);
    }
}
