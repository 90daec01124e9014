// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Planning.Reconciliation;

namespace ClusterManager.Manager.Planning.Rollouts;

/// <summary>Keeps the ten newest revisions and those that are in use.</summary>
internal static class RevisionPruning
{
    public static void Apply(ServiceDraft draft)
    {
        var revisions = draft.Revisions;
        if (revisions.Count <= EngineLimits.RevisionsKept) return;
        var used = draft.Editor.All.Select(record => record.Revision).ToHashSet();
        used.UnionWith([draft.Service.Revision, draft.Rollout.FromRevision, draft.Rollout.ToRevision]);
        var surplus = revisions.Count - EngineLimits.RevisionsKept;
        foreach (var number in revisions.Keys.Take(surplus).Where(number => !used.Contains(number)).ToList())
        {
            if (!draft.Turn.Budget.TryPut(new StateChange.DeleteRevision(draft.Service.Id, number), 0)) return;
            var all = draft.Turn.State.Revisions;
            draft.Turn.State = draft.Turn.State with { Revisions = all.SetItem(draft.Service.Id, all[draft.Service.Id].Remove(number)) };
            if (draft.Service.Verdicts.ContainsKey(number))
                draft.Service = draft.Service with { Verdicts = draft.Service.Verdicts.Remove(number) };
        }
    }
}
