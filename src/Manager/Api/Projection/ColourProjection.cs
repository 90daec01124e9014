// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.State;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Api.Projection;

/// <summary>Where a service with two colours stands, as callers see it. Pure.</summary>
internal static class ColourProjection
{
    public static void Add(V1.RolloutStatus status, ClusterState state, ServiceRecord service, RevisionRecord? wanted, DateTimeOffset now)
    {
        var rollout = service.Rollout;
        if (!rollout.HasColours) return;
        status.Colours = true;
        status.LeadsTo = rollout.SwitchedAt is null || rollout.IsGoingBack ? rollout.FromRevision : rollout.ToRevision;
        if (rollout is { KeepUntil: { } until, IsGoingBack: false }) status.KeepMs = Math.Max(0, (long)(until - now).TotalMilliseconds);
        if (status.EndedUnixMs != 0 || rollout.IsGoingBack || rollout.IsPromoted || wanted is null) return;
        CanaryProjection.AddHold(status, state, service, wanted.Spec.Update, now);
    }
}
