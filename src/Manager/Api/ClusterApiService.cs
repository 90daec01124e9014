// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Api.Projection;
using ClusterManager.Manager.Leadership;
using Grpc.Core;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Api;

/// <summary>"Is all well?"</summary>
internal sealed class ClusterApiService(Forwarder forwarder, LeaderWatch watch, TimeProvider time) : V1.ClusterApi.ClusterApiBase
{
    public override Task<V1.ClusterStatus> Status(V1.StatusRequest request, ServerCallContext context) => forwarder.UnaryAsync(
        context,
        term => Task.FromResult(StatusProjection.Status(term.Engine.Snapshots.Current, watch.Leader.Current, time.GetUtcNow())),
        (invoker, options) => new V1.ClusterApi.ClusterApiClient(invoker).StatusAsync(request, options));
}
