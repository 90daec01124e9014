// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.State;

namespace ClusterManager.Manager.Planning.Rollouts;

/// <summary>
/// The way back of a rollout that failed or was aborted: the same rollout, whose wanted revision is the one before from now on. All of it
/// is in the record, so that another leader goes on exactly there and a caller who waits for its number gets one verdict.
/// </summary>
internal static class RolloutReturn
{
    /// <summary>There is a revision before, it has served, and what its image means is known.</summary>
    public static bool IsPossible(ServiceRecord service, ImmutableSortedDictionary<int, RevisionRecord> revisions)
    {
        var rollout = service.Rollout;
        return !rollout.IsGoingBack && rollout.FromRevision != 0 && rollout.FromRevision != rollout.ToRevision
            && service.HasServed(rollout.FromRevision)
            && revisions.GetValueOrDefault(rollout.FromRevision)?.Image is not null;
    }

    /// <summary>
    /// The service on its way back. The deadline begins anew with it. If its name led to the new colour it leads to both from here on, and
    /// the new one goes when it leads to the old one for certain.
    /// </summary>
    public static ServiceRecord Begun(ServiceRecord service) => service with
    {
        Untold = service.Rollout.SwitchedAt is null ? service.Untold : [],
        Revision = service.Rollout.FromRevision,
        Replicas = service.Rollout.FromReplicas ?? service.Replicas,
        Rollout = service.Rollout with { IsGoingBack = true, IsPaused = false },
    };
}
