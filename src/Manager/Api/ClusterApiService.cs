// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Api.Projection;
using ClusterManager.Manager.Diagnosis;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Leadership;
using ClusterManager.Wire;
using Grpc.Core;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Api;

/// <summary>"Is all well?", and "will it stay so?"</summary>
internal sealed class ClusterApiService(Forwarder forwarder, LeaderWatch watch, Examination examination, TimeProvider time)
    : V1.ClusterApi.ClusterApiBase
{
    public override Task<V1.ClusterStatus> Status(V1.StatusRequest request, ServerCallContext context) => forwarder.UnaryAsync(
        context,
        term => Task.FromResult(StatusProjection.Status(
            term.Engine.Snapshots.Current, watch.Leader.Current, time.GetUtcNow(), term.Tracking?.Problems)),
        (invoker, options) => new V1.ClusterApi.ClusterApiClient(invoker).StatusAsync(request, options));

    public override Task<V1.StrayList> Strays(V1.StraysRequest request, ServerCallContext context) => forwarder.UnaryAsync(
        context,
        term => Task.FromResult(StrayProjection.List(term.Engine.Snapshots.Current)),
        (invoker, options) => new V1.ClusterApi.ClusterApiClient(invoker).StraysAsync(request, options));

    public override Task<V1.AdoptResponse> Adopt(V1.AdoptRequest request, ServerCallContext context) => forwarder.UnaryAsync(
        context,
        async term =>
        {
            var origin = Mutations.Origin(context, request.RequestId);
            if (request.Name is null) throw ApiErrors.Invalid("name", "", "the name of a service, STACK/NAME or NAME");
            var outcomes = await Mutations.SubmitAsync(
                term, ticket => new ClusterEvent.AdoptStrays(ticket, origin, request.Name.ToModel()), context.CancellationToken);
            var response = new V1.AdoptResponse { Version = term.Engine.Snapshots.Current.Version.ToWire() };
            response.Services.AddRange(Mutations.Applied(outcomes));
            return response;
        },
        (invoker, options) => new V1.ClusterApi.ClusterApiClient(invoker).AdoptAsync(request, options));

    public override Task<V1.Diagnosis> Diagnose(V1.DiagnoseRequest request, ServerCallContext context) => forwarder.UnaryAsync(
        context,
        term => examination.RunAsync(term, context.CancellationToken),
        (invoker, options) => new V1.ClusterApi.ClusterApiClient(invoker).DiagnoseAsync(request, options));
}
