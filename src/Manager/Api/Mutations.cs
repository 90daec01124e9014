// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Leadership;
using ClusterManager.Manager.State;
using ClusterManager.Wire;
using Grpc.Core;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Api;

/// <summary>What all mutating methods share: their origin, their answer, their errors.</summary>
internal static class Mutations
{
    private const int RequestIdLengthMax = 64;

    /// <summary>Whose mutation it is.</summary>
    /// <exception cref="RpcException">The request id is missing or too long.</exception>
    public static MutationOrigin Origin(ServerCallContext context, string requestId)
    {
        if (requestId.Length is 0 or > RequestIdLengthMax)
            throw ApiErrors.Invalid("request_id", requestId,
                $"1 to {RequestIdLengthMax} characters, new for each mutation, the same for its retries");
        return new MutationOrigin(requestId, CallerInterceptor.Of(context).Actor, context.Method);
    }

    /// <summary>Submits and waits for the commit.</summary>
    /// <exception cref="RpcException">It was refused.</exception>
    public static async Task<ImmutableArray<RequestOutcome>> SubmitAsync(
        LeaderTerm term, Func<long, ClusterEvent.Mutation> make, CancellationToken cancellationToken) =>
        await term.Engine.SubmitAsync(make, cancellationToken) switch
        {
            MutationResult.Accepted accepted => accepted.Outcomes,
            MutationResult.Refused refused => throw ApiErrors.Of(refused),
            _ => throw new System.Diagnostics.UnreachableException("a mutation is accepted or refused"),
        };

    /// <summary>The services among the outcomes.</summary>
    public static IEnumerable<V1.AppliedService> Applied(ImmutableArray<RequestOutcome> outcomes) =>
        outcomes.Where(one => one.Change != ServiceChangeKind.None).Select(one => new V1.AppliedService
        {
            Name = one.Name.ToWire(), ServiceId = one.Service.Value, Revision = one.Revision, Rollout = one.Rollout,
            Change = (V1.AppliedService.Types.Change)one.Change,
        });
}
