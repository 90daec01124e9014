// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.State;

namespace ClusterManager.Manager.Planning.Rollouts;

/// <summary>
/// How long a rollout may go without progress: its deadline, and beside it the times that its policy makes it wait though all is well.
/// </summary>
internal static class RolloutPatience
{
    public static TimeSpan Of(RolloutRecord rollout, RevisionRecord? wanted)
    {
        if (wanted?.Spec.Update is not { } update) return rollout.Deadline;
        return rollout.Deadline + (update.Monitor ?? TimeSpan.Zero) + (rollout.IsGoingBack ? TimeSpan.Zero : update.Delay);
    }
}
