// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Api.Projection;
using ClusterManager.Manager.Leadership;
using ClusterManager.Manager.Planning;
using ClusterManager.Manager.State;
using ClusterManager.Model;
using ClusterManager.Wire;
using Grpc.Core;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Api;

/// <summary>Services: apply, scale, remove, look, watch, explain. Logs are in <see cref="LogReader"/>.</summary>
internal sealed class ServiceApiService(Forwarder forwarder, LogReader logs, PlanDesk plans, TimeProvider time)
    : V1.ServiceApi.ServiceApiBase
{
    // Snapshots that follow each other more closely are folded into one.
    private static readonly TimeSpan WatchPause = TimeSpan.FromMilliseconds(50);

    public override Task<V1.ApplyServiceResponse> Apply(V1.ApplyServiceRequest request, ServerCallContext context) => forwarder.UnaryAsync(
        context,
        async term =>
        {
            var outcomes = await SubmitAsync(term, context, request.RequestId, request.Plan, ChangeRequests.Of(request));
            return new V1.ApplyServiceResponse { Service = Mutations.Applied(outcomes).FirstOrDefault(), Version = Version(term) };
        },
        (invoker, options) => new V1.ServiceApi.ServiceApiClient(invoker).ApplyAsync(request, options));

    public override Task<V1.ScaleResponse> Scale(V1.ScaleRequest request, ServerCallContext context) => forwarder.UnaryAsync(
        context,
        async term =>
        {
            var outcomes = await SubmitAsync(term, context, request.RequestId, request.Plan, ChangeRequests.Of(request));
            var response = new V1.ScaleResponse { Version = Version(term) };
            response.Services.AddRange(Mutations.Applied(outcomes));
            return response;
        },
        (invoker, options) => new V1.ServiceApi.ServiceApiClient(invoker).ScaleAsync(request, options));

    public override Task<V1.RemoveServicesResponse> Remove(V1.RemoveServicesRequest request, ServerCallContext context) =>
        forwarder.UnaryAsync(
        context,
        async term =>
        {
            var outcomes = await SubmitAsync(term, context, request.RequestId, "", ChangeRequests.Of(request));
            var response = new V1.RemoveServicesResponse { Version = Version(term) };
            response.Services.AddRange(Mutations.Applied(outcomes));
            return response;
        },
        (invoker, options) => new V1.ServiceApi.ServiceApiClient(invoker).RemoveAsync(request, options));

    public override Task<V1.ServicesSnapshot> List(V1.ListServicesRequest request, ServerCallContext context) => forwarder.UnaryAsync(
        context,
        term => Task.FromResult(ServiceProjection.Snapshot(term.Engine.Snapshots.Current, request, time.GetUtcNow())),
        (invoker, options) => new V1.ServiceApi.ServiceApiClient(invoker).ListAsync(request, options));

    public override Task<V1.ServiceDetail> Get(V1.GetServiceRequest request, ServerCallContext context) => forwarder.UnaryAsync(
        context,
        term => Task.FromResult(Detail(term.Engine.Snapshots.Current, request.Name.ToModel())),
        (invoker, options) => new V1.ServiceApi.ServiceApiClient(invoker).GetAsync(request, options));

    public override Task Watch(V1.ListServicesRequest request, IServerStreamWriter<V1.ServicesSnapshot> responseStream,
        ServerCallContext context) =>
        forwarder.StreamAsync(
            context,
            responseStream,
            term => WatchAsync(term, request, responseStream, context.CancellationToken),
            (invoker, options) => new V1.ServiceApi.ServiceApiClient(invoker).Watch(request, options));

    public override Task<V1.Explanation> Explain(V1.ExplainRequest request, ServerCallContext context) => forwarder.UnaryAsync(
        context,
        term => Task.FromResult(Explanation(term.Engine.Snapshots.Current, request.Name.ToModel())),
        (invoker, options) => new V1.ServiceApi.ServiceApiClient(invoker).ExplainAsync(request, options));

    public override Task Logs(V1.LogsRequest request, IServerStreamWriter<V1.LogBatch> responseStream, ServerCallContext context) =>
        forwarder.StreamAsync(
            context,
            responseStream,
            term => logs.ReadAsync(term, request, responseStream, context.CancellationToken),
            (invoker, options) => new V1.ServiceApi.ServiceApiClient(invoker).Logs(request, options));

    public override Task<V1.ApplyServiceResponse> Rollback(V1.RollbackRequest request, ServerCallContext context) => forwarder.UnaryAsync(
        context,
        term => RolloutCalls.RollBackAsync(term, request, context),
        (invoker, options) => new V1.ServiceApi.ServiceApiClient(invoker).RollbackAsync(request, options));

    public override Task<V1.ApplyServiceResponse> ControlRollout(V1.ControlRolloutRequest request, ServerCallContext context) =>
        forwarder.UnaryAsync(
            context,
            term => RolloutCalls.ControlAsync(term, request, context),
            (invoker, options) => new V1.ServiceApi.ServiceApiClient(invoker).ControlRolloutAsync(request, options));

    public override Task<V1.ServiceHistory> History(V1.GetServiceRequest request, ServerCallContext context) => forwarder.UnaryAsync(
        context,
        term =>
        {
            var state = term.Engine.Snapshots.Current;
            return Task.FromResult(RolloutProjection.History(state, state.Require(request.Name.ToModel())));
        },
        (invoker, options) => new V1.ServiceApi.ServiceApiClient(invoker).HistoryAsync(request, options));

    private async Task<ImmutableArray<RequestOutcome>> SubmitAsync(
        LeaderTerm term, ServerCallContext context, string requestId, string plan, ChangeRequests.Make make)
    {
        var origin = Mutations.Origin(context, requestId);
        var change = await plans.CheckedAsync(() => term.Engine.Snapshots.Current, plan, origin, make, context.CancellationToken);
        return await Mutations.SubmitAsync(term, ticket => change(ticket, origin), context.CancellationToken);
    }

    private static V1.StateVersion Version(LeaderTerm term) => term.Engine.Snapshots.Current.Version.ToWire();

    // A slow caller skips to the newest snapshot; an answer that says nothing new is not sent.
    private async Task WatchAsync(
        LeaderTerm term, V1.ListServicesRequest request, IServerStreamWriter<V1.ServicesSnapshot> responses,
            CancellationToken cancellationToken)
    {
        var snapshots = term.Engine.Snapshots.Subscribe();
        V1.ServicesSnapshot? last = null;
        while (!cancellationToken.IsCancellationRequested)
        {
            var state = await snapshots.NextAsync(cancellationToken);
            if (!ReferenceEquals(term, forwarder.CurrentTerm)) throw ApiErrors.Unavailable("the leader changed; watch again");
            var now = ServiceProjection.Snapshot(state, request, time.GetUtcNow());
            if (last is null || !WatchComparison.Same(last, now))
            {
                await responses.WriteAsync(now, cancellationToken);
                last = now;
            }

            await Task.Delay(WatchPause, time, cancellationToken);
        }
    }

    private V1.ServiceDetail Detail(ClusterState state, ServiceName name)
    {
        var service = state.Require(name);
        var revision = state.Revisions[service.Id][service.Revision];
        return new V1.ServiceDetail
        {
            Status = ServiceProjection.Status(state, service, withAllocations: true, time.GetUtcNow()), Spec = revision.Spec.ToWire(),
            ResolvedImage = revision.Image?.Pinned ?? "", CreatedUnixMs = service.CreatedAt.ToUnixTimeMilliseconds(),
            CreatedBy = service.CreatedBy,
        };
    }

    private V1.Explanation Explanation(ClusterState state, ServiceName name)
    {
        var service = state.Require(name);
        var why = Explainer.Explain(state, service.Id, time.GetUtcNow());
        var explanation = new V1.Explanation
        {
            Status = ServiceProjection.Status(state, service, withAllocations: true, time.GetUtcNow()), Summary = why.Summary,
            NearestFix = why.NearestFix,
        };
        explanation.Nodes.AddRange(why.Nodes.Select(verdict => ServiceProjection.Verdict(state, verdict)));
        return explanation;
    }
}
