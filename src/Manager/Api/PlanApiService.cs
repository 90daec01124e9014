// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Api.Projection;
using ClusterManager.Manager.Diagnosis;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Planning;
using ClusterManager.Manager.State;
using ClusterManager.Wire;
using Grpc.Core;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Api;

/// <summary>What changes would do, what revisions were, and what containers are beside what they should be.</summary>
internal sealed class PlanApiService(Forwarder forwarder, PlanDesk plans, DriftSurvey drift) : V1.PlanApi.PlanApiBase
{
    public override Task<V1.ChangePlan> Plan(V1.PlanRequest request, ServerCallContext context) => forwarder.UnaryAsync(
        context,
        async term =>
        {
            var (plan, state) = await plans.PlanAsync(
                () => term.Engine.Snapshots.Current, ChangeRequests.Of(request, term.Engine.Snapshots.Current), context.CancellationToken);
            return PlanProjection.Plan(state, plan);
        },
        (invoker, options) => new V1.PlanApi.PlanApiClient(invoker).PlanAsync(request, options));

    public override Task<V1.RevisionDetail> Revision(V1.RevisionRequest request, ServerCallContext context) => forwarder.UnaryAsync(
        context,
        term => Task.FromResult(Revision(term.Engine.Snapshots.Current, request)),
        (invoker, options) => new V1.PlanApi.PlanApiClient(invoker).RevisionAsync(request, options));

    public override Task<V1.DriftReport> Drift(V1.DriftRequest request, ServerCallContext context) => forwarder.UnaryAsync(
        context,
        term => drift.RunAsync(
            term, [.. request.Names.Select(name => term.Engine.Snapshots.Current.Require(name.ToModel()))], context.CancellationToken),
        (invoker, options) => new V1.PlanApi.PlanApiClient(invoker).DriftAsync(request, options));

    public override Task<V1.ReplaceResponse> Replace(V1.ReplaceRequest request, ServerCallContext context) => forwarder.UnaryAsync(
        context,
        async term =>
        {
            var origin = Mutations.Origin(context, request.RequestId);
            if (request.Allocations.Count is 0 or > EngineLimits.ReplicasPerService)
                throw ApiErrors.Invalid("allocations", $"{request.Allocations.Count}", $"1 to {EngineLimits.ReplicasPerService}");
            var outcomes = await Mutations.SubmitAsync(
                term, ticket => new ClusterEvent.ReplaceAllocations(ticket, origin, [.. request.Allocations.Select(one => one.ToModel())]),
                context.CancellationToken);
            var response = new V1.ReplaceResponse { Version = term.Engine.Snapshots.Current.Version.ToWire() };
            response.Services.AddRange(Mutations.Applied(outcomes));
            return response;
        },
        (invoker, options) => new V1.PlanApi.PlanApiClient(invoker).ReplaceAsync(request, options));

    private static V1.RevisionDetail Revision(ClusterState state, V1.RevisionRequest request)
    {
        var service = state.Require(request.Name.ToModel());
        var number = request.Revision == 0 ? service.Revision : request.Revision;
        var kept = state.Revisions[service.Id];
        if (!kept.TryGetValue(number, out var revision))
            throw ApiErrors.NotFound($"revision {number} of {service.Name.Display} is not kept: {string.Join(", ", kept.Keys)} are", []);
        var view = RolloutProjection.History(state, service).Revisions.First(one => one.Number == number);
        return new V1.RevisionDetail { View = view, Spec = revision.Spec.ToWire() };
    }
}
