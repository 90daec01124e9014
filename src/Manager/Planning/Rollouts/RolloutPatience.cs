// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.State;
using ClusterManager.Model;

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

    /// <summary>How long nothing may happen at the most: a canary or a new colour is held beside, and its gates have their time.</summary>
    public static TimeSpan Longest(RolloutRecord rollout, RevisionRecord? wanted)
    {
        var patience = Of(rollout, wanted);
        if (rollout.IsGoingBack) return patience;
        foreach (var kind in (HookKind[])[HookKind.PreDeploy, HookKind.PostDeploy])
            if (rollout.RunsHooks && wanted?.Spec.Update.HookOf(kind) is { } hook && hook.Timeout > patience) patience = hook.Timeout;
        if (rollout.IsPromoted) return patience;
        if (wanted?.Spec.Update is not { Strategy: UpdateStrategy.Canary or UpdateStrategy.BlueGreen } update) return patience;
        return patience + update.CanaryHold + update.Gates.Select(gate => gate.Timeout).DefaultIfEmpty().Max();
    }
}
