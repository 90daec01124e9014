// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Leadership;
using ClusterManager.Model;
using ClusterManager.Wire;
using Grpc.Core;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Api;

/// <summary>The orders that concern rollouts, as the leader carries them out.</summary>
internal static class RolloutCalls
{
    public static Task<V1.ApplyServiceResponse> RollBackAsync(LeaderTerm term, V1.RollbackRequest request, ServerCallContext context)
    {
        var origin = Mutations.Origin(context, request.RequestId);
        var change = ChangeRequests.Of(request);
        return SubmitAsync(term, ticket => change(ticket, origin), context);
    }

    public static Task<V1.ApplyServiceResponse> ControlAsync(LeaderTerm term, V1.ControlRolloutRequest request, ServerCallContext context)
    {
        var origin = Mutations.Origin(context, request.RequestId);
        if (request.Action is < V1.ControlRolloutRequest.Types.Action.Pause or > V1.ControlRolloutRequest.Types.Action.Approve)
            throw ApiErrors.Invalid("action", request.Action.ToString(), "PAUSE, RESUME, ABORT, PROMOTE or APPROVE");
        return SubmitAsync(
            term,
            ticket => new ClusterEvent.ControlRollout(
                ticket, origin, request.Name.ToModel(), (RolloutOrder)request.Action, request.Rollout),
            context);
    }

    private static async Task<V1.ApplyServiceResponse> SubmitAsync(
        LeaderTerm term, Func<long, ClusterEvent.Mutation> make, ServerCallContext context)
    {
        var outcomes = await Mutations.SubmitAsync(term, make, context.CancellationToken);
        return new V1.ApplyServiceResponse
        {
            Service = Mutations.Applied(outcomes).FirstOrDefault(), Version = term.Engine.Snapshots.Current.Version.ToWire(),
        };
    }
}
