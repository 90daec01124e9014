// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Planning;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Simulation.Checks;

/// <summary>No turn takes the serving replica of a slot away while the service needs the slot, unless what it holds is exclusive.</summary>
internal static class Availability
{
    public static IEnumerable<(ServiceId Service, string Broken)> Check(ClusterState before, ClusterState after)
    {
        foreach (var service in after.Services.Values.Where(service => !service.IsRemoving))
        {
            if (!before.Allocations.TryGetValue(service.Id, out var old) || !after.Allocations.TryGetValue(service.Id, out var map)) continue;
            if (ReferenceEquals(old, map) || after.Revisions[service.Id].Values.Any(revision => revision.Spec.HoldsExclusive() || revision.Spec.IsGlobal())) continue;
            // The culprit of a rollout that fails in this turn goes at once, even if it happens to serve at this moment.
            var failed = after.Services[service.Id].Rollout;
            var isFailing = failed.State == RolloutState.Failed && before.Services.GetValueOrDefault(service.Id)?.Rollout.State == RolloutState.Running;
            var had = Serving(after, old) - (isFailing && failed.Failed is not null ? 1 : 0);
            var has = Serving(after, map);
            if (has < Math.Min(had, service.Replicas))
                yield return (service.Id, $"{service.Name}: {had} served, a turn left {has} of {service.Replicas}");
        }
    }

    private static int Serving(ClusterState state, SlotMap map) =>
        map.BySlot.Values.Count(records => records.Any(record => record.IsWanted && state.IsAvailable(record)));
}
