// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Planning;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Simulation.Checks;

/// <summary>A canary has no more replicas of the new revision than its step says, and takes one step after the other, each held.</summary>
internal static class Canaries
{
    public static IEnumerable<string> Check(ClusterState before, ClusterState after)
    {
        foreach (var service in after.Services.Values)
        {
            var rollout = service.Rollout;
            if (service.IsRemoving || rollout is not { State: RolloutState.Running, IsGoingBack: false, IsPromoted: false }) continue;
            var revisions = after.Revisions[service.Id];
            var target = revisions[rollout.ToRevision];
            var update = target.Spec.Update;
            if (update.Strategy != UpdateStrategy.Canary || rollout.HasColours || !revisions.TryGetValue(rollout.FromRevision, out var from)
                || from.Image is null || from.SameTemplate(target)) continue;
            var limit = update.ReplicasAt(rollout.Step, service.Replicas);
            var (had, has) = (Count(before, service, target), Count(after, service, target));
            if (limit < service.Replicas && has > had && has > limit)
                yield return $"{service.Name}: rollout {rollout.Number} has {has} of revision {target.Number} at step {rollout.Step}, "
                    + $"not {limit}";
            if (before.Services.GetValueOrDefault(service.Id)?.Rollout is not { } was || was.Number != rollout.Number) continue;
            var isHeld = was.StepReachedAt is not null;
            if (rollout.Step > was.Step && (rollout.Step > was.Step + 1 || (update.CanaryHold > TimeSpan.Zero && !isHeld)))
                yield return $"{service.Name}: rollout {rollout.Number} went from step {was.Step} to {rollout.Step}, which was reached "
                    + $"{was.StepReachedAt}";
        }
    }

    private static int Count(ClusterState state, ServiceRecord service, RevisionRecord target) =>
        state.Allocations.GetValueOrDefault(service.Id, SlotMap.Empty).BySlot.Values.Count(records => records.Any(record =>
            record.IsWanted && !HookSlot.IsHook(record.Id.Slot)
            && state.Revisions[service.Id].TryGetValue(record.Revision, out var own) && own.SameTemplate(target)));
}
