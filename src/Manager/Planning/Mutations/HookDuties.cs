// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Mutations;

/// <summary>What a change that is no deploy itself (a scale, other settings) takes over from the deploy that it supersedes.</summary>
internal static class HookDuties
{
    /// <summary>
    /// A deploy that was not completed is completed by the rollout that takes its place: what its hooks did counts, what runs of them runs
    /// on, and what failed is tried again.
    /// </summary>
    public static RolloutRecord Carried(RolloutRecord before, RolloutRecord begun)
    {
        var isUnfinished = before is
        {
            RunsHooks: true, IsGoingBack: false, State: RolloutState.Running or RolloutState.Failed or RolloutState.Aborted,
        };
        if (!isUnfinished || begun.ToRevision < before.ToRevision) return begun;
        return begun with { RunsHooks = true, PreDeploy = Counting(before.PreDeploy), PostDeploy = Counting(before.PostDeploy) };
    }

    private static HookRun? Counting(HookRun? run) => run is { State: HookState.Failed } ? null : run;
}
