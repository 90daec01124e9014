// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Reconciliation;

/// <summary>Writes down which allocations have ended, as their agents say: else a new leader would revive them.</summary>
internal static class AllocationEndings
{
    public static void Apply(ServiceDraft draft)
    {
        foreach (var record in draft.Editor.All.Where(record => record.IsLive && !IsHookUnderWay(record)).ToList())
        {
            if (EndOf(draft, record) is not { } ended) continue;
            if (!draft.Editor.TryUpdate(ended)) return;
            draft.HasEndings = true;
        }
    }

    /// <summary>Its end is the rollout's affair, which keeps its container: see <see cref="Rollouts.DeployHooks"/>.</summary>
    private static bool IsHookUnderWay(AllocationRecord record) => record.IsWanted && HookSlot.IsHook(record.Id.Slot);

    private static AllocationRecord? EndOf(ServiceDraft draft, AllocationRecord record)
    {
        var turn = draft.Turn;
        if (turn.State.Observations.TryGetValue(record.Id, out var seen) && HasEnded(record, seen))
            return record with { Ended = seen.State, EndedAt = draft.Now, Reason = Short(seen.Reason) ?? record.Reason };
        // A node that was removed takes with it what was to stop there; what was wanted is replaced like on any lost node.
        if (!turn.State.Nodes.ContainsKey(record.Node) && (!record.IsWanted || draft.Target.Spec.IsGlobal()))
            return record with { Desired = DesiredState.Remove, Ended = AllocationState.Lost, EndedAt = draft.Now };
        return null;
    }

    private static bool HasEnded(AllocationRecord record, AllocationObservation seen) =>
        record.Desired != DesiredState.Stop // its container is kept: see KeptContainers
        && seen.State is >= AllocationState.Completed and < AllocationState.Lost
        && (seen.Finished || (!record.IsWanted && seen.State == AllocationState.Stopped));

    /// <summary>The reason as it may be stored.</summary>
    internal static Reason? Short(Reason? reason) => reason is null || reason.Text.Length <= EngineLimits.ReasonCharacters
        ? reason : reason with { Text = reason.Text[..EngineLimits.ReasonCharacters] };
}
