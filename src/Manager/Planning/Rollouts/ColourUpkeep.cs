// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Planning.Reconciliation;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Rollouts;

/// <summary>
/// Before anything of a service is planned: whether its rollout goes by colours, which revisions its name must not lead to, and the end of
/// what is neither of the two colours any more.
/// </summary>
internal static class ColourUpkeep
{
    /// <returns>False when the turn is full: nothing else of the service may be planned in it.</returns>
    public static bool Apply(ServiceDraft draft)
    {
        if (!draft.IsRunning && draft.Service.Untold.IsEmpty) return true;
        Begin(draft);
        if (draft.OtherColour is not null && !draft.IsRunning) draft.LookAgain(draft.Rollout.KeepUntil!.Value);
        if (!Forget(draft)) return false;
        var untold = Untold(draft);
        if (!untold.SetEquals(draft.Service.Untold)) draft.Service = draft.Service with { Untold = untold };
        return true;
    }

    /// <summary>
    /// It goes by colours when the policy says so, or when replicas of what it wants run already and no name leads to them: a rollback
    /// while
    /// the old colour is kept, a scale before the switch. What serves in part already is rolled.
    /// </summary>
    private static void Begin(ServiceDraft draft)
    {
        var (rollout, target) = (draft.Rollout, draft.Target);
        if (!draft.IsRunning || rollout.IsGoingBack || rollout.HasColours || target.Spec.IsGlobal()) return;
        if (target.Spec.Update.Strategy != UpdateStrategy.BlueGreen && draft.Service.Untold.IsEmpty) return;
        if (!RolloutReturn.IsPossible(draft.Service, draft.Revisions) || draft.From!.SameTemplate(target)) return;
        var own = Wanted(draft).Where(record => IsOf(draft, record, target)).ToList();
        if (own.Exists(record => !IsUntold(draft, record))) return;
        if (own.Count == 0 && !(target.Spec.Update.Strategy == UpdateStrategy.BlueGreen && draft.IsTargetReady)) return;
        draft.Service = draft.Service with { Rollout = rollout with { HasColours = true } };
    }

    /// <summary>
    /// What no name leads to and is neither colour goes at once: nobody would miss it. So does what an agent has that does not understand
    /// that no name is to lead to it.
    /// </summary>
    private static bool Forget(ServiceDraft draft)
    {
        if (draft.Service.Untold.IsEmpty) return true;
        var waits = Colours.Waits(draft.Rollout);
        foreach (var record in Wanted(draft).Where(record => IsUntold(draft, record)).ToList())
        {
            var isOurs = (waits && IsOf(draft, record, draft.Target)) || (draft.OtherColour is { } other && IsOf(draft, record, other));
            var seen = draft.Turn.State.NodeObservations.GetValueOrDefault(record.Node);
            if (isOurs && seen is not { HasSession: true, KnowsColours: false }) continue;
            if (!draft.Editor.TryUpdate(record with { Desired = DesiredState.Remove })) return false;
        }

        return true;
    }

    private static ImmutableSortedSet<int> Untold(ServiceDraft draft)
    {
        var waits = Colours.Waits(draft.Rollout);
        if (!waits && draft.Service.Untold.IsEmpty) return [];
        var wanted = Wanted(draft).Select(record => record.Revision).ToHashSet();
        var isKept = draft is { OtherColour: not null, Rollout.KeepUntil: not null };
        return
        [
            .. draft.Revisions.Values.Where(revision => revision.SameTemplate(draft.Target)
                    ? waits : !waits && draft.Service.Untold.Contains(revision.Number) && (isKept || wanted.Contains(revision.Number)))
                .Select(revision => revision.Number),
        ];
    }

    private static IEnumerable<AllocationRecord> Wanted(ServiceDraft draft) =>
        draft.Editor.Slots.Values.SelectMany(records => records).Where(record => record.IsWanted);

    private static bool IsUntold(ServiceDraft draft, AllocationRecord record) => draft.Service.Untold.Contains(record.Revision);

    private static bool IsOf(ServiceDraft draft, AllocationRecord record, RevisionRecord revision) =>
        draft.Revisions.TryGetValue(record.Revision, out var own) && own.SameTemplate(revision);
}
