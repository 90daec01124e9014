// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Planning;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Api;

/// <summary>The service that a caller names.</summary>
internal static class ServiceLookup
{
    /// <exception cref="global::Grpc.Core.RpcException">NOT_FOUND with the nearest names.</exception>
    public static ServiceRecord Require(this ClusterState state, ServiceName name) => state.Find(name) ?? throw ApiErrors.NotFound(
        $"service '{name.Display}' does not exist",
        NearestNames.Of(name.Display, state.Services.Values.Select(service => service.Name.Display)));
}
