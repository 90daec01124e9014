// SPDX-License-Identifier: Apache-2.0
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Output.Views;

/// <summary>A service's state in one word, with the reason when it is not well.</summary>
internal static class ServiceState
{
    /// <summary>The word and the reason; the reason is empty when all is well. What runs whole is ok, even when its last update
    /// failed: then the reason says that.</summary>
    public static (string State, string Reason) Of(V1.ServiceStatus status)
    {
        var unplaced = status.Unplaced.FirstOrDefault();
        var rollout = status.Rollout;
        if (status.Removing) return ("removing", "");
        if (rollout is { State: V1.RolloutState.Running })
            return ($"{Doing(rollout)} {rollout.Updated}/{status.Desired}", unplaced is null ? "" : Words.TextOf(unplaced.Reason));
        if (unplaced is not null) return (status.Running == 0 ? "UNPLACED" : "degraded", Words.TextOf(unplaced.Reason));
        if (rollout is { State: V1.RolloutState.RolledBack } && status.Running >= status.Desired)
            return ("ok", $"rolled back from revision {rollout.ToRevision}: {Words.TextOf(rollout.Reason)}");
        if (rollout is { State: V1.RolloutState.Failed or V1.RolloutState.RollbackFailed })
            return status.Running >= status.Desired && status.Desired > 0 ? ("ok", $"last update failed: {Words.TextOf(rollout.Reason)}")
                : ("FAILED", Words.TextOf(rollout.Reason));
        return status.Running < status.Desired ? ("degraded", Worst(status)) : ("ok", "");
    }

    private static string Doing(V1.RolloutStatus rollout) => rollout.GoingBack ? "rolling back" : rollout.Paused ? "paused" : "updating";

    private static string Worst(V1.ServiceStatus status) =>
        status.Allocations.Where(a => !a.Available && !a.Ended).Select(a => Words.TextOf(a.Status?.Reason))
            .FirstOrDefault(t => t.Length > 0) ?? "";
}
