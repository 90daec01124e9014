// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using ClusterManager.Manager.Api.Projection;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Planning.Releases;
using ClusterManager.Manager.State;
using ClusterManager.Model;
using ClusterManager.Wire;
using Grpc.Core;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Api;

/// <summary>Stacks: the services of one compose file.</summary>
internal sealed class StackApiService(Forwarder forwarder, PlanDesk plans, TimeProvider time) : V1.StackApi.StackApiBase
{
    public override Task<V1.DeployResponse> Deploy(V1.DeployRequest request, ServerCallContext context) => forwarder.UnaryAsync(
        context,
        async term =>
        {
            var origin = Mutations.Origin(context, request.RequestId);
            var make = ChangeRequests.Of(request, term.Engine.Snapshots.Current);
            var change = await plans.CheckedAsync(
                () => term.Engine.Snapshots.Current, request.Plan, origin, make, context.CancellationToken);
            var outcomes = await Mutations.SubmitAsync(term, ticket => change(ticket, origin), context.CancellationToken);
            return Deployed(term.Engine.Snapshots.Current, request.Stack, outcomes);
        },
        (invoker, options) => new V1.StackApi.StackApiClient(invoker).DeployAsync(request, options));

    public override Task<V1.DeployResponse> Rollback(V1.StackRollbackRequest request, ServerCallContext context) => forwarder.UnaryAsync(
        context,
        async term =>
        {
            var origin = Mutations.Origin(context, request.RequestId);
            var make = ChangeRequests.Of(request);
            var outcomes = await Mutations.SubmitAsync(term, ticket => make(ticket, origin), context.CancellationToken);
            return Deployed(term.Engine.Snapshots.Current, request.Stack, outcomes);
        },
        (invoker, options) => new V1.StackApi.StackApiClient(invoker).RollbackAsync(request, options));

    public override Task<V1.StackHistory> History(V1.StackHistoryRequest request, ServerCallContext context) => forwarder.UnaryAsync(
        context,
        term => Task.FromResult(ReleaseProjection.History(term.Engine.Snapshots.Current, request.Stack)),
        (invoker, options) => new V1.StackApi.StackApiClient(invoker).HistoryAsync(request, options));

    public override Task<V1.StackList> List(V1.ListStacksRequest request, ServerCallContext context) => forwarder.UnaryAsync(
        context,
        term => Task.FromResult(Stacks(term.Engine.Snapshots.Current)),
        (invoker, options) => new V1.StackApi.StackApiClient(invoker).ListAsync(request, options));

    public override Task<V1.RemoveServicesResponse> Remove(V1.RemoveStackRequest request, ServerCallContext context) =>
        forwarder.UnaryAsync(
        context,
        async term =>
        {
            var origin = Mutations.Origin(context, request.RequestId);
            if (!DnsLabel.IsValid(request.Stack)) throw ApiErrors.Invalid("stack", request.Stack, DnsLabel.Allowed);
            var outcomes = await Mutations.SubmitAsync(
                term, ticket => new ClusterEvent.RemoveStack(ticket, origin, request.Stack), context.CancellationToken);
            var response = new V1.RemoveServicesResponse { Version = term.Engine.Snapshots.Current.Version.ToWire() };
            response.Services.AddRange(Mutations.Applied(outcomes));
            return response;
        },
        (invoker, options) => new V1.StackApi.StackApiClient(invoker).RemoveAsync(request, options));

    // The outcomes name their release: a retry is told of the first one, and not of one that came later.
    private static V1.DeployResponse Deployed(ClusterState state, string stack, ImmutableArray<RequestOutcome> outcomes)
    {
        var isTold = int.TryParse(outcomes.FirstOrDefault()?.Text, CultureInfo.InvariantCulture, out var number);
        var response = new V1.DeployResponse
        {
            Release = isTold ? number : state.Releases.GetValueOrDefault(stack)?.Number ?? 0, Version = state.Version.ToWire(),
        };
        response.Services.AddRange(Mutations.Applied(outcomes));
        return response;
    }

    private V1.StackList Stacks(ClusterState state)
    {
        var list = new V1.StackList();
        foreach (var group in state.Services.Values.GroupBy(service => service.Name.Stack)
            .OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var views = group.Select(service => ServiceProjection.Status(state, service, withAllocations: false, time.GetUtcNow()))
                .ToList();
            list.Stacks.Add(new V1.StackStatus
            {
                Name = group.Key, Services = views.Count, Release = state.Releases.GetValueOrDefault(group.Key)?.Number ?? 0,
                Running = views.Sum(view => view.Running), Desired = views.Sum(view => view.Desired),
                UpdatedUnixMs = views.Max(view => view.UpdatedUnixMs),
                State = (V1.ReleaseState)(ReleaseBook.Newest(state, group.Key)?.State ?? 0),
                Failed = ReleaseBook.Newest(state, group.Key)?.Failed ?? "",
            });
        }

        return list;
    }
}
