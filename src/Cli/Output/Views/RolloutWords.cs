// SPDX-License-Identifier: Apache-2.0
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Output.Views;

/// <summary>A rollout in one line.</summary>
internal static class RolloutWords
{
    /// <summary>Which one, and how it stands or ended.</summary>
    public static string Of(V1.RolloutStatus rollout)
    {
        var name = $"rollout {rollout.Number} to revision {rollout.ToRevision}";
        var reason = Words.TextOf(rollout.Reason) is { Length: > 0 } text ? $": {text}" : "";
        var on = rollout.FailedNode.Length == 0 || reason.Contains(rollout.FailedNode, StringComparison.Ordinal) ? ""
            : $" (on {rollout.FailedNode})";
        return rollout.State switch
        {
            V1.RolloutState.Running when rollout.Paused => $"{name} is paused",
            V1.RolloutState.Running when rollout.GoingBack => $"{name} goes back to revision {rollout.FromRevision}{reason}{on}",
            V1.RolloutState.Running => $"{name} is under way ({PhaseOf(rollout)}{HookWords.Done(rollout)})",
            V1.RolloutState.RolledBack => $"{name} failed and was rolled back to revision {rollout.FromRevision}{reason}{on}",
            V1.RolloutState.RollbackFailed => $"{name} failed, and so did the way back to revision {rollout.FromRevision}{reason}{on}; "
                + $"then: {Words.TextOf(rollout.RollbackReason)}",
            V1.RolloutState.Aborted => $"{name} was ended{reason}",
            V1.RolloutState.Succeeded => $"{name} succeeded{HookWords.Done(rollout)}{Kept(rollout)}",
            V1.RolloutState.Failed => $"{name} failed{reason}{on}",
            _ => $"{name} is {Words.Of(rollout.State)}",
        };
    }

    /// <summary>Where it stands: <c>pulling 2/3 nodes</c>, <c>starting</c>.</summary>
    public static string PhaseOf(V1.RolloutStatus rollout) =>
        HookWords.UnderWay(rollout) is { } hook ? hook
        : rollout.PullNodes > 0 ? $"pulling {rollout.PulledNodes}/{rollout.PullNodes} nodes"
        : rollout.Colours ? Switch(rollout)
        : rollout.Step == 0 ? rollout.Phase
        : $"canary step {rollout.Step}/{rollout.Steps}: {Held(rollout)}";

    private static string Kept(V1.RolloutStatus rollout) => rollout.KeepMs == 0 ? ""
        : $"; revision {rollout.FromRevision} is kept for {TimeText.Span(TimeSpan.FromMilliseconds(rollout.KeepMs))} more, and a rollback "
            + "switches to it at once";

    private static string Switch(V1.RolloutStatus rollout)
    {
        var leads = $"the name leads to revision {rollout.LeadsTo}";
        return rollout.LeadsTo == rollout.ToRevision ? leads : $"{leads}; green: {Held(rollout, rollout.Updated)}";
    }

    private static string Held(V1.RolloutStatus rollout) => Held(rollout, rollout.StepReplicas);

    private static string Held(V1.RolloutStatus rollout, int count)
    {
        var replicas = $"{count} {(count == 1 ? "replica" : "replicas")} of revision {rollout.ToRevision}";
        if (rollout.HeldMs > 0) return $"{replicas}, held for {TimeText.Span(TimeSpan.FromMilliseconds(rollout.HeldMs))} more";
        return rollout.WaitsFor.Length > 0 ? $"{replicas}, waits for {rollout.WaitsFor}" : $"{replicas}, {rollout.Phase}";
    }
}
