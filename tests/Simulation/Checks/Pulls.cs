// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Planning;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Simulation.Checks;

/// <summary>
/// An update's first touch (a replica of the new revision is placed, or one of the old is told to go for it) comes when every node that
/// holds a replica, is there and may get a new one has the new image. Asked is the engine itself, not what the manager believes of it.
/// </summary>
internal sealed class Pulls(Func<NodeId, string, bool> hasImage)
{
    private readonly SortedSet<(ServiceId Service, int Rollout)> _touched = [];

    public IEnumerable<string> Check(ClusterState before, ClusterState after)
    {
        foreach (var service in after.Services.Values)
        {
            if (service.IsRemoving || service.Rollout is not { State: RolloutState.Running, IsGoingBack: false } rollout) continue;
            var revisions = after.Revisions[service.Id];
            var target = revisions[rollout.ToRevision];
            if (!revisions.TryGetValue(rollout.FromRevision, out var from) || from.Image is null || from.SameTemplate(target)) continue;
            if (target.Image is not { IsLocal: false } image || !IsTouched(before, after, service, target)) continue;
            if (!_touched.Add((service.Id, rollout.Number))) continue;
            // A scale in the middle of an update goes on with it: all were asked when it began.
            if (Wanted(before, service.Id).Any(record => IsOfTarget(before, record, target))) continue;
            foreach (var record in Wanted(before, service.Id).Where(record => after.Find(record.Id) is { IsLive: true }))
                if (MayGetOne(after, record.Node, target.Spec) && !hasImage(record.Node, image.Pinned))
                    yield return $"{service.Name}: rollout {rollout.Number} touches its replicas and {after.Nodes[record.Node].Name} "
                        + $"has not got the image {image.Pinned}; before: {Stories.Of(after, before.Allocations[service.Id])}; after: "
                        + Stories.Of(after, after.Allocations[service.Id]);
        }
    }

    /// <summary>A replica of the revision is placed, or one of another is told to go for it.</summary>
    internal static bool IsTouched(ClusterState before, ClusterState after, ServiceRecord service, RevisionRecord target)
    {
        var (old, map) = (before.Allocations.GetValueOrDefault(service.Id), after.Allocations.GetValueOrDefault(service.Id));
        if (map is null || ReferenceEquals(old, map)) return false;
        foreach (var records in map.BySlot.Where(pair => !HookSlot.IsHook(pair.Key)).Select(pair => pair.Value))
            foreach (var record in records)
            {
                var isOfTarget = IsOfTarget(after, record, target);
                if (before.Find(record.Id) is not { } was)
                {
                    if (isOfTarget && !MovesAsItIs(before, service.Id, record, target)) return true;
                }
                else if (was.IsWanted && !record.IsWanted && record.IsLive && !isOfTarget && IsStoppedForIt(before, after, service, was))
                    return true;
            }

        return false;
    }

    /// <summary>
    /// It takes the place of a lost one that was of the new revision already: a scale in the middle of an update begins anew.
    /// </summary>
    private static bool MovesAsItIs(ClusterState before, ServiceId service, AllocationRecord record, RevisionRecord target) =>
        before.Allocations.GetValueOrDefault(service, SlotMap.Empty).BySlot.TryGetValue(record.Id.Slot, out var slot)
        && slot.Any(was => was.IsWanted && IsOfTarget(before, was, target));

    /// <summary>Not by a scale, not for its node's sake, and not because another of its slot serves.</summary>
    private static bool IsStoppedForIt(ClusterState before, ClusterState after, ServiceRecord service, AllocationRecord was)
    {
        var slots = before.Allocations[service.Id].BySlot;
        var isAlone = slots[was.Id.Slot].Count(record => record.IsWanted) == 1;
        var isSurplus = slots.Count(pair => !HookSlot.IsHook(pair.Key) && pair.Value.Any(record => record.IsWanted))
            > (service.Rollout.FromReplicas ?? service.Replicas);
        return isAlone && !isSurplus
            && MayGetOne(after, was.Node, after.Revisions[service.Id][was.Revision].Spec);
    }

    private static bool IsOfTarget(ClusterState state, AllocationRecord record, RevisionRecord target) =>
        state.Revisions[record.Id.Service].TryGetValue(record.Revision, out var own) && own.SameTemplate(target);

    private static bool MayGetOne(ClusterState state, NodeId id, ServiceSpec spec) =>
        state.Nodes.TryGetValue(id, out var node) && node.Availability == NodeAvailability.Active
        && state.NodeObservations[id].State == NodeState.Ready
        && spec.Constraints.All(constraint => constraint.Attribute != PlacementConstraint.LabelPrefix + "zone"
            || node.Labels.GetValueOrDefault("zone") == constraint.Value == constraint.IsEqual);

    private static IEnumerable<AllocationRecord> Wanted(ClusterState state, ServiceId service) =>
        state.Allocations.GetValueOrDefault(service, SlotMap.Empty).BySlot.Values.SelectMany(records => records)
            .Where(record => record.IsWanted && !HookSlot.IsHook(record.Id.Slot));
}
