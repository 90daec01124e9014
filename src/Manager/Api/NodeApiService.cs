// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Api.Projection;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Enrollment;
using ClusterManager.Manager.Leadership;
using ClusterManager.Manager.Planning;
using ClusterManager.Manager.State;
using ClusterManager.Model;
using Grpc.Core;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Api;

/// <summary>Nodes: look, label, pause, remove, confirm their loss.</summary>
internal sealed class NodeApiService(Forwarder forwarder, LeaderWatch watch, NodeDeparture departure, TimeProvider time)
    : V1.NodeApi.NodeApiBase
{
    public override Task<V1.NodeList> List(V1.ListNodesRequest request, ServerCallContext context) => forwarder.UnaryAsync(
        context,
        term => Task.FromResult(NodeProjection.List(term.Engine.Snapshots.Current, watch.Leader.Current)),
        (invoker, options) => new V1.NodeApi.NodeApiClient(invoker).ListAsync(request, options));

    public override Task<V1.NodeDetail> Get(V1.GetNodeRequest request, ServerCallContext context) => forwarder.UnaryAsync(
        context,
        term =>
        {
            var state = term.Engine.Snapshots.Current;
            return Task.FromResult(NodeProjection.Detail(state, Require(state, request.Node), watch.Leader.Current, time.GetUtcNow()));
        },
        (invoker, options) => new V1.NodeApi.NodeApiClient(invoker).GetAsync(request, options));

    public override Task<V1.UpdateNodeResponse> Update(V1.UpdateNodeRequest request, ServerCallContext context) => forwarder.UnaryAsync(
        context,
        async term =>
        {
            var origin = Mutations.Origin(context, request.RequestId);
            Check(request);
            NodeAvailability? availability = request.Availability == 0 ? null : (NodeAvailability)request.Availability;
            await Mutations.SubmitAsync(
                term,
                ticket => new ClusterEvent.UpdateNode(
                    ticket, origin, request.Node, Maps.Of(request.SetLabels),
                    ImmutableSortedSet.CreateRange(StringComparer.Ordinal, request.RemoveLabels), availability),
                context.CancellationToken);
            var state = term.Engine.Snapshots.Current;
            return new V1.UpdateNodeResponse { Node = NodeProjection.Status(state, Require(state, request.Node), watch.Leader.Current) };
        },
        (invoker, options) => new V1.NodeApi.NodeApiClient(invoker).UpdateAsync(request, options));

    public override Task<V1.RemoveNodeResponse> Remove(V1.RemoveNodeRequest request, ServerCallContext context) => forwarder.UnaryAsync(
        context,
        async term =>
        {
            var origin = Mutations.Origin(context, request.RequestId);
            var node = NodeProjection.Find(term.Engine.Snapshots.Current, request.Node);
            await Mutations.SubmitAsync(term, ticket => new ClusterEvent.RemoveNode(ticket, origin, request.Node),
                context.CancellationToken);
            if (node is not null) await departure.CleanAsync(node, context.CancellationToken);
            await ConsulServerRule.ApplyAsync(term, context.CancellationToken);
            return new V1.RemoveNodeResponse();
        },
        (invoker, options) => new V1.NodeApi.NodeApiClient(invoker).RemoveAsync(request, options));

    public override Task<V1.ConfirmLossResponse> ConfirmLoss(V1.ConfirmLossRequest request, ServerCallContext context) =>
        forwarder.UnaryAsync(
        context,
        async term =>
        {
            var origin = Mutations.Origin(context, request.RequestId);
            var outcomes =
                await Mutations.SubmitAsync(term, ticket => new ClusterEvent.ConfirmLoss(ticket, origin), context.CancellationToken);
            var response = new V1.ConfirmLossResponse();
            response.Nodes.AddRange(outcomes.Where(one => one.Text.Length > 0).Select(one => one.Text));
            return response;
        },
        (invoker, options) => new V1.NodeApi.NodeApiClient(invoker).ConfirmLossAsync(request, options));

    private static void Check(V1.UpdateNodeRequest request)
    {
        var errors = ImmutableArray.CreateBuilder<FieldError>();
        NodeLabels.Check(errors, request.SetLabels);
        if (request.Availability != 0 && !Enum.IsDefined((NodeAvailability)request.Availability))
            errors.Add(new FieldError("availability", $"{request.Availability}", "ACTIVE, PAUSED or DRAINED"));
        if (errors.Count > 0) throw ApiErrors.Invalid(errors.ToImmutable());
    }

    private static NodeRecord Require(ClusterState state, string node) =>
        NodeProjection.Find(state, node)
        ?? throw ApiErrors.NotFound($"node '{node}' does not exist", NearestNames.Of(node, state.Nodes.Values.Select(one => one.Name)));
}
