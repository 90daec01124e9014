// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Api.Projection;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Telemetry;

/// <summary>One service in figures.</summary>
/// <param name="Stack">Its stack.</param>
/// <param name="Name">Its name in the stack.</param>
/// <param name="Wanted">Replicas wanted.</param>
/// <param name="Running">Replicas that run and are healthy.</param>
/// <param name="Unplaced">Replicas that no node takes.</param>
/// <param name="Reason">Why; None when all are placed.</param>
/// <param name="UnplacedFor">Since when.</param>
/// <param name="HasFailedRollout">Its newest rollout failed.</param>
internal sealed record ServiceFigures(
    string Stack, string Name, int Wanted, int Running, int Unplaced, ReasonCode Reason, TimeSpan UnplacedFor, bool HasFailedRollout)
{
    /// <summary>The figures of a service in a snapshot. Pure.</summary>
    public static ServiceFigures Of(ClusterState state, ServiceRecord service, DateTimeOffset now)
    {
        var running = ServiceProjection.AllocationsOf(state, service.Id).Count(one => ServiceProjection.IsAvailable(state, one));
        var gap = state.Gaps.GetValueOrDefault(service.Id);
        return new ServiceFigures(
            service.Name.Stack, service.Name.Name, ServiceProjection.Desired(state, service), running, gap?.Count ?? 0,
            gap?.Reason.Code ?? ReasonCode.None, gap is null ? TimeSpan.Zero : now - gap.Since,
            service.Rollout.State is RolloutState.Failed or RolloutState.RollbackFailed);
    }
}
