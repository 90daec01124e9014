// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Planning.Tracking;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Simulation.Checks;

/// <summary>What following an image begins is news, is waited for, and was never bad.</summary>
internal static class Followings
{
    public static IEnumerable<string> Check(ClusterState before, ClusterState after)
    {
        if (ReferenceEquals(before.Services, after.Services)) yield break;
        foreach (var service in after.Services.Values)
        {
            if (before.Services.GetValueOrDefault(service.Id) is not { } old || ReferenceEquals(old, service)) continue;
            if (service.Rollout.Actor != TrackingDecision.Actor) continue;
            if (HasForgotten(after, service)) yield return $"{service.Name}: the failure of rollout {service.Rollout.Number} is forgotten";
            if (service.Rollout.Number == old.Rollout.Number) continue;
            var digest = after.Revisions[service.Id][service.Rollout.ToRevision].Image?.Digest ?? "";
            if (old.Rollout.State == RolloutState.Running) yield return $"{service.Name}: rollout {old.Rollout.Number} was not waited for";
            if (old.Tracking.IsBad(digest)) yield return $"{service.Name}: {digest} was bad and is tried again";
            if (old.Tracking.Seen == digest) yield return $"{service.Name}: {digest} is rolled out a second time";
            if (before.Revisions[service.Id][old.Revision].Image?.Digest == digest) yield return $"{service.Name}: {digest} runs already";
        }
    }

    private static bool HasForgotten(ClusterState state, ServiceRecord service)
    {
        // One that is still to be planned has yet to be noted.
        var isOpen = service.Rollout.State is RolloutState.Running or RolloutState.Succeeded;
        if (isOpen || state.Memory.Dirty.Contains(service.Id)) return false;
        var digest = state.Revisions[service.Id].GetValueOrDefault(service.Rollout.ToRevision)?.Image?.Digest;
        return digest is not null && !service.Tracking.IsBad(digest);
    }
}
