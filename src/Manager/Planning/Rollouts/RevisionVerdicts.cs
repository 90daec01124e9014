// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Rollouts;

/// <summary>Notes with a service how the rollouts to its revisions ended: its history, and what it can go back to.</summary>
internal static class RevisionVerdicts
{
    /// <summary>The service with its rollout's verdict noted; one under way is being superseded.</summary>
    public static ServiceRecord Noted(ServiceRecord service, DateTimeOffset now)
    {
        var rollout = service.Rollout;
        var before = service.Verdicts.GetValueOrDefault(rollout.ToRevision);
        if (before?.Rollout == rollout.Number && rollout.State != RolloutState.Running) return service;
        var text = rollout.Reason?.Text ?? "";
        var verdict = new RevisionVerdict
        {
            Revision = rollout.ToRevision,
            Rollout = rollout.Number,
            State = rollout.State == RolloutState.Running ? RolloutState.Superseded : rollout.State,
            EndedAt = rollout.EndedAt ?? now,
            Reason = text.Length <= RevisionVerdict.ReasonCharacters ? text : text[..RevisionVerdict.ReasonCharacters],
            HasServed = before?.HasServed == true || rollout.State == RolloutState.Succeeded || rollout.HasSwitched,
        };
        return service with { Verdicts = service.Verdicts.SetItem(verdict.Revision, verdict) };
    }
}
