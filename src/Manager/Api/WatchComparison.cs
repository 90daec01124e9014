// SPDX-License-Identifier: Apache-2.0
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Api;

/// <summary>Whether two snapshots say the same to a watcher: what only counts time is left out.</summary>
internal static class WatchComparison
{
    /// <summary>True when nothing but time differs.</summary>
    public static bool Same(V1.ServicesSnapshot left, V1.ServicesSnapshot right) => Timeless(left).Equals(Timeless(right));

    private static V1.ServicesSnapshot Timeless(V1.ServicesSnapshot snapshot)
    {
        var copy = snapshot.Clone();
        copy.Version = null;
        foreach (var service in copy.Services)
        {
            service.Rollout.RemainingMs = 0;
            if (service.Rollout.PreDeploy is { } pre) pre.ElapsedMs = 0;
            if (service.Rollout.PostDeploy is { } post) post.ElapsedMs = 0;
            foreach (var allocation in service.Allocations)
            {
                if (allocation.Status is not { } status) continue;
                status.StateAgeMs = 0;
                status.NextAttemptInMs = status.NextAttemptInMs > 0 ? 1 : 0;
            }
        }

        return copy;
    }
}
