// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace ClusterManager.Grpc.Server;

/// <summary>Puts gRPC services on the routes of an ASP.NET Core application.</summary>
public static class GrpcEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Serves every method of the service at <c>/pkg.Service/Method</c>. From the first mapped service on, gRPC calls of unknown services
    /// and methods are answered with UNIMPLEMENTED. Each endpoint carries its <see cref="IMethod"/> as metadata.
    /// </summary>
    /// <param name="endpoints">The routes of the application.</param>
    /// <param name="service">What the generated <c>BindService</c> returned.</param>
    /// <param name="options">Limits and interceptors; null for the defaults.</param>
    /// <returns>A builder for conventions, such as authorization, on all methods of this service.</returns>
    public static IEndpointConventionBuilder MapGrpcService(
        this IEndpointRouteBuilder endpoints, ServerServiceDefinition service, GrpcServiceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(service);
        UnimplementedEndpoint.AddOnce(endpoints);
        var mapper = new ServiceMapper(endpoints, options ?? new GrpcServiceOptions());
        service.BindService(mapper);
        return mapper;
    }
}
