// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Simulation.Checks;

/// <summary>A rollout's verdict is true when it is given, and is given once.</summary>
internal static class Verdicts
{
    public static IEnumerable<string> Check(ClusterState before, ClusterState after)
    {
        if (ReferenceEquals(before.Services, after.Services)) yield break;
        foreach (var service in after.Services.Values)
        {
            if (before.Services.GetValueOrDefault(service.Id) is not { } old || ReferenceEquals(old, service)) continue;
            var (was, now) = (old.Rollout, service.Rollout);
            if (now.Number < was.Number) yield return $"{service.Name}: rollout {now.Number} after rollout {was.Number}";
            if (now.Number != was.Number) continue;
            if (was.State != RolloutState.Running && now.State != was.State)
                yield return $"{service.Name}: rollout {now.Number} was {was.State} and is {now.State}";
            if (was.IsGoingBack && !now.IsGoingBack) yield return $"{service.Name}: rollout {now.Number} turned twice";
            var isWhole = now.State is RolloutState.Succeeded or RolloutState.RolledBack
                || now is { State: RolloutState.Aborted, IsGoingBack: true };
            if (was.State != RolloutState.Running || !isWhole || service.IsRemoving) continue;
            if (Untrue(after, service) is { } why) yield return $"{service.Name}: rollout {now.Number} is {now.State} though {why}";
        }
    }

    private static string? Untrue(ClusterState state, ServiceRecord service)
    {
        var target = state.Revisions[service.Id][service.Rollout.WantedRevision];
        var wanted = state.Allocations.GetValueOrDefault(service.Id, SlotMap.Empty).BySlot.Values.SelectMany(records => records)
            .Where(record => record.IsWanted && !HookSlot.IsHook(record.Id.Slot) && !service.Untold.Contains(record.Revision)).ToList();
        if (target.Spec.Mode == ServiceMode.Replicated && wanted.Count != service.Replicas)
            return $"{wanted.Count} of {service.Replicas} replicas are there";
        foreach (var record in wanted)
        {
            // A rollout does not wait for nodes that are gone.
            if (target.Spec.Mode == ServiceMode.Global && state.NodeObservations[record.Node].State != NodeState.Ready) continue;
            if (!state.IsAvailable(record)) return $"{record.Id} does not serve";
            if (state.Revisions[service.Id][record.Revision].TemplateHash != target.TemplateHash) return $"{record.Id} is outdated";
        }

        return null;
    }
}
