// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Planning.Reconciliation;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Rollouts;

/// <summary>Writes a rollout's verdict. It is given once and never changed.</summary>
internal static class RolloutEnding
{
    public static void Succeed(ServiceDraft draft) => End(draft, draft.Rollout with { State = RolloutState.Succeeded });

    /// <param name="draft">The service.</param>
    /// <param name="reason">Why.</param>
    /// <param name="failed">The allocation whose failure it was; null: none.</param>
    /// <param name="node">Name of the node that met the failure; null: that of <paramref name="failed"/>, if any.</param>
    public static void Fail(ServiceDraft draft, Reason reason, AllocationRecord? failed, string? node = null) =>
        End(draft, draft.Rollout with
    {
        State = RolloutState.Failed,
        Reason = AllocationEndings.Short(reason),
        Failed = failed?.Id,
        FailedNode = node ?? (failed is null ? "" : draft.Turn.NodeName(failed.Node)),
    });

    private static void End(ServiceDraft draft, RolloutRecord rollout)
    {
        if (!draft.IsRunning) return;
        draft.LookAgain(draft.Now); // what follows from the verdict is planned at once
        draft.Service = draft.Service with { Rollout = rollout with { EndedAt = draft.Now } };
        draft.Turn.Memory = draft.Turn.Memory with { Progress = draft.Turn.Memory.Progress.Remove(draft.Service.Id) };
    }
}
