// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Cli.Output.Views;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Progress;

/// <summary>An allocation's state as one word for progress.</summary>
internal static class AllocationText
{
    /// <summary>The word, and the reason when something is wrong.</summary>
    public static (string Word, string Reason) Of(V1.AllocationView allocation)
    {
        var status = allocation.Status;
        var reason = Words.TextOf(status?.Reason);
        return status?.State switch
        {
            null or V1.AllocationState.Unspecified or V1.AllocationState.Assigned => ("placed", ""),
            V1.AllocationState.Pulling => ("pulling", reason),
            V1.AllocationState.Creating or V1.AllocationState.Starting => ("starting", reason),
            V1.AllocationState.Running => status.Health switch
            {
                V1.HealthState.Healthy => ("healthy", ""),
                V1.HealthState.Unhealthy => ("unhealthy", reason),
                V1.HealthState.Unknown => ("started", reason),
                _ => ("running", ""),
            },
            V1.AllocationState.Failed or V1.AllocationState.Rejected => ("FAILED", reason),
            var state => (Words.Of(state.Value), reason),
        };
    }

    /// <summary>True for an allocation of the revision that the rollout brings.</summary>
    public static bool IsNew(V1.ServiceStatus status, V1.AllocationView allocation) =>
        status.Rollout is null || allocation.Revision
            == (status.Rollout.GoingBack ? status.Rollout.FromRevision : status.Rollout.ToRevision);
}
