// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Planning.Rollouts;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Plans;

/// <summary>Every agent tells at once to which replicas a service's name leads, where a rollout waits for that.</summary>
internal static class IdealNames
{
    /// <summary>What is said now, in order.</summary>
    public static IEnumerable<AllocationReport> Of(ClusterState state)
    {
        foreach (var service in state.Services.Values.Where(service => service.Rollout.HasColours))
            foreach (var record in state.Allocations.GetValueOrDefault(service.Id, SlotMap.Empty).BySlot.Values.SelectMany(all => all))
            {
                if (HookSlot.IsHook(record.Id.Slot)) continue;
                if (!state.Observations.TryGetValue(record.Id, out var seen)) continue;
                if (state.NodeObservations.GetValueOrDefault(record.Node)?.State != NodeState.Ready) continue;
                var isTold = record.IsWanted && seen.IsAvailable && Colours.Of(state, record) == Colour.Told
                    && !state.Revisions[service.Id][record.Revision].Spec.Ports.IsEmpty;
                if (seen.Registered != isTold) yield return new AllocationReport(record.Id, seen with { Registered = isTold });
            }
    }
}
