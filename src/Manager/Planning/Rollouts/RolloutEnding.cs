// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Planning.Reconciliation;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Rollouts;

/// <summary>Writes a rollout's verdict, or sends it back where it came from. A verdict is given once and never changed.</summary>
internal static class RolloutEnding
{
    /// <summary>Every replica runs what is wanted: the new revision, or the one before again.</summary>
    public static void Succeed(ServiceDraft draft)
    {
        var rollout = draft.Rollout;
        End(draft, !rollout.IsGoingBack
            ? rollout with { State = RolloutState.Succeeded, Reason = null, Failed = null, FailedNode = "" }
            : rollout with { State = rollout.IsAborted ? RolloutState.Aborted : RolloutState.RolledBack });
    }

    /// <summary>It can not succeed: back, where the policy says so and there is something to go back to; else this is the end.</summary>
    /// <param name="draft">The service.</param>
    /// <param name="reason">Why.</param>
    /// <param name="failed">The allocation whose failure it was; null: none.</param>
    /// <param name="node">Name of the node that met the failure; null: that of <paramref name="failed"/>, if any.</param>
    public static void Fail(ServiceDraft draft, Reason reason, AllocationRecord? failed, string? node = null)
    {
        if (!draft.IsRunning) return;
        if (draft.Rollout.IsGoingBack)
        {
            var why = reason with { Text = $"{reason.Text}{On(reason, node ?? NodeOf(draft, failed))}" };
            End(draft, draft.Rollout with { State = RolloutState.RollbackFailed, RollbackReason = AllocationEndings.Short(why) });
            return;
        }

        Note(draft, reason, failed, node);
        // One that has colours always goes back: the name leads to the old one, or can again at once.
        var goesBack = (draft.Target.Spec.Update.FailureAction == FailureAction.Rollback || draft.Rollout.HasColours)
            && RolloutReturn.IsPossible(draft.Service, draft.Revisions);
        if (goesBack) GoBack(draft);
        else End(draft, draft.Rollout with { State = RolloutState.Failed });
    }

    /// <summary>It went on in spite of its failures, and this is its end.</summary>
    public static void FailAsNoted(ServiceDraft draft) => End(draft, draft.Rollout with { State = RolloutState.Failed });

    /// <summary>Writes down the first failure of a rollout that goes on in spite of it.</summary>
    public static void Note(ServiceDraft draft, Reason reason, AllocationRecord? failed, string? node = null)
    {
        var rollout = draft.Rollout with
        {
            Reason = AllocationEndings.Short(reason), Failed = failed?.Id, FailedNode = node ?? NodeOf(draft, failed),
        };
        if (rollout != draft.Rollout) draft.Service = draft.Service with { Rollout = rollout };
    }

    private static void GoBack(ServiceDraft draft)
    {
        draft.LookAgain(draft.Now); // the way back is planned at once
        draft.Service = RolloutReturn.Begun(draft.Service);
        ForgetProgress(draft);
    }

    private static void End(ServiceDraft draft, RolloutRecord rollout)
    {
        if (!draft.IsRunning) return;
        draft.LookAgain(draft.Now); // what follows from the verdict is planned at once
        var ended = draft.Service with { Rollout = rollout with { EndedAt = draft.Now, IsPaused = false } };
        draft.Service = RevisionVerdicts.Noted(ended, draft.Now, draft.Target.Spec.IsGlobal() || ended.Replicas > 0);
        ForgetProgress(draft);
    }

    private static void ForgetProgress(ServiceDraft draft) =>
        draft.Turn.Memory = draft.Turn.Memory with
        {
            Progress = draft.Turn.Memory.Progress.Remove(draft.Service.Id),
            GateAnswers = draft.Turn.Memory.GateAnswers.Remove(draft.Service.Id),
        };

    private static string NodeOf(ServiceDraft draft, AllocationRecord? failed) => failed is null ? "" : draft.Turn.NodeName(failed.Node);

    private static string On(Reason reason, string node) =>
        node.Length == 0 || reason.Text.Contains(node, StringComparison.Ordinal) ? "" : $" (on {node})";
}
