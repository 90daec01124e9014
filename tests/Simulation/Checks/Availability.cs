// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Planning;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Simulation.Checks;

/// <summary>
/// No turn takes the serving replica of a slot away while the service needs the slot. What stops first by rule (a volume's writer, or what
/// fits nowhere beside itself) goes one at a time; what stops first by its policy, as many as that says.
/// </summary>
internal static class Availability
{
    public static IEnumerable<(ServiceId Service, string Broken)> Check(ClusterState before, ClusterState after)
    {
        foreach (var service in after.Services.Values.Where(service => !service.IsRemoving))
        {
            if (!before.Allocations.TryGetValue(service.Id, out var old)
                || !after.Allocations.TryGetValue(service.Id, out var map)) continue;
            var specs = after.Revisions[service.Id].Values.Select(revision => revision.Spec).ToList();
            var untold = before.Services.GetValueOrDefault(service.Id)?.Untold ?? [];
            if ((ReferenceEquals(old, map) && untold.SetEquals(service.Untold)) || specs.Any(spec => spec.IsGlobal())) continue;
            var had = Serving(after, old, untold);
            var has = Serving(after, map, service.Untold);
            var allowed = specs.Max(spec => MayMiss(spec, service.Replicas)) + (IsFailing(before, service) ? 1 : 0);
            if (has < Math.Min(had, service.Replicas) - allowed)
                yield return (service.Id, $"{service.Name}: {had} served, a turn left {has} of {service.Replicas}");
        }
    }

    private static int MayMiss(ServiceSpec spec, int replicas) =>
        spec.Update.Order == UpdateOrder.StopFirst ? spec.Update.AtOnce(replicas) : StopsFirst(spec) ? 1 : 0;

    private static bool StopsFirst(ServiceSpec spec) =>
        spec.NamedVolumes().Any() || spec.Ports.Any(port => port.Mode == PortMode.Fixed)
            || spec.Resources.MemoryReservationBytes is not null;

    /// <summary>The culprit of a rollout that fails in this turn goes at once, even if it happens to serve at this moment.</summary>
    private static bool IsFailing(ClusterState before, ServiceRecord service) =>
        service.Rollout is { Failed: not null } rollout && (rollout.State == RolloutState.Failed || rollout.IsGoingBack)
        && before.Services.GetValueOrDefault(service.Id)?.Rollout is { State: RolloutState.Running, IsGoingBack: false };

    /// <summary>Slots of which somebody serves to whom the service's name leads.</summary>
    private static int Serving(ClusterState state, SlotMap map, ImmutableSortedSet<int> untold) => map.BySlot.Values.Count(records =>
        records.Any(record => record.IsWanted && state.IsAvailable(record) && !untold.Contains(record.Revision)));
}
