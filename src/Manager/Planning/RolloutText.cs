// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Planning.Reconciliation;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning;

/// <summary>What an explanation says of the newest rollout.</summary>
internal static class RolloutText
{
    /// <summary>A sentence with a blank before it; empty: it succeeded. A cause that the gap has told already is not told again.</summary>
    public static string Of(ServiceRecord service, Unplaced? gap, bool isServing)
    {
        var rollout = service.Rollout;
        var name = $" Rollout {rollout.Number} to revision {rollout.ToRevision}";
        var back = $"revision {rollout.FromRevision}";
        return rollout switch
        {
            { State: RolloutState.Running, IsPaused: true } => $"{name} is paused.",
            { State: RolloutState.Running, IsGoingBack: true } => $"{name} {Cause(rollout)} and goes back to {back}.",
            { State: RolloutState.Running, PreDeploy: { State: HookState.Running } run } => $"{name} waits for pre_deploy on {run.Node}.",
            { State: RolloutState.Running, PostDeploy: { State: HookState.Running } run } =>
                $"{name} waits for post_deploy on {run.Node}.",
            { State: RolloutState.Running } => $"{name} is under way.",
            { State: RolloutState.RolledBack } => $"{name} {Cause(rollout)} and was rolled back to {back}.",
            { State: RolloutState.RollbackFailed } =>
                $"{name} {Cause(rollout)}, and the way back to {back} failed: {rollout.RollbackReason?.Text}.",
            { State: RolloutState.Aborted, IsGoingBack: true } => $"{name} was {Cause(rollout)}; {back} runs again.",
            { State: RolloutState.Aborted } => $"{name} was {Cause(rollout)}.",
            { State: RolloutState.Failed, Reason: { } reason } => Failed(rollout, reason, gap, name, isServing),
            _ => "",
        };
    }

    private static string Failed(RolloutRecord rollout, Reason reason, Unplaced? gap, string name, bool isServing)
    {
        if (gap is not null && AllocationEndings.Short(gap.Reason)!.Text == reason.Text) return $"{name} failed for that reason.";
        var known = gap is not null && reason.Text.EndsWith($": {gap.Reason.Text}", StringComparison.Ordinal);
        var text = known ? reason.Text[..^(gap!.Reason.Text.Length + 2)] : reason.Text;
        var since = isServing && rollout.FromRevision == 0 ? "; all replicas have come to run since" : "";
        return $"{name} failed: {text}{Node(rollout, reason)}{since}.";
    }

    private static string Cause(RolloutRecord rollout) => rollout.Reason is not { } reason ? "ended"
        : rollout.IsAborted ? reason.Text : $"failed: {reason.Text}{Node(rollout, reason)}";

    private static string Node(RolloutRecord rollout, Reason reason) =>
        rollout.FailedNode.Length == 0 || reason.Text.Contains(rollout.FailedNode, StringComparison.Ordinal) ? ""
            : $" (on {rollout.FailedNode})";
}
