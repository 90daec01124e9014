// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Rollouts;

/// <summary>Notes with a service how the rollouts to its revisions ended: its history, and what it can go back to.</summary>
internal static class RevisionVerdicts
{
    /// <summary>The service with its rollout's verdict noted; one under way is being superseded.</summary>
    /// <param name="service">The service.</param>
    /// <param name="now">The moment.</param>
    /// <param name="isAnyWanted">Any replica is wanted. With none every revision succeeds, and nothing is known of it.</param>
    public static ServiceRecord Noted(ServiceRecord service, DateTimeOffset now, bool isAnyWanted = true)
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
            HasServed = before?.HasServed == true || rollout.HasSwitched || (isAnyWanted && rollout.State == RolloutState.Succeeded),
        };
        return service with { Verdicts = service.Verdicts.SetItem(verdict.Revision, verdict) };
    }
}
