// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Planning.Scheduling;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Plans;

/// <summary>Says why new or old replicas go first, from what was recorded and from what the nodes had to offer at that moment.</summary>
internal static class OrderReason
{
    /// <summary>Null: no replica takes another's place.</summary>
    public static PlannedOrder? Of(ActionRecorder recorder, RevisionRecord target)
    {
        var bySlot = recorder.Actions.GroupBy(action => action.Slot)
            .Where(slot => slot.Any(one => one.Kind == PlannedActionKind.Place) && slot.Any(one => one.Kind == PlannedActionKind.Stop))
            .ToList();
        if (bySlot.Count == 0) return null;
        var stopFirst = bySlot.Where(slot => slot.First().Kind == PlannedActionKind.Stop).Select(slot => slot.Key).ToList();
        var why = stopFirst.Count == 0 ? StartFirst(target.Spec) : StopFirst(recorder, target, stopFirst);
        return new PlannedOrder(bySlot.Count - stopFirst.Count, stopFirst.Count, AtOnce(bySlot), why);
    }

    private static string StartFirst(ServiceSpec spec) => spec.Update.Order == UpdateOrder.StartFirst
        ? "the update policy says so"
        : "there is room for the new one beside the old one, and nothing exclusive is held";

    private static string StopFirst(ActionRecorder recorder, RevisionRecord target, List<int> slots)
    {
        if (target.Spec.Update.Order == UpdateOrder.StopFirst) return "the update policy says so";
        var volumes = string.Join(", ", target.Spec.NamedVolumes());
        if (volumes.Length > 0) return $"it uses volume {volumes}, which two must not write to";
        foreach (var slot in slots)
            if (recorder.BeforeStop(slot) is { } state && NoRoom(state, target) is { } text) return $"{text}: beside the old one";
        return "no node had room for the new one beside the old one";
    }

    /// <summary>What placement says of one more replica; null: there is room.</summary>
    private static string? NoRoom(ClusterState state, RevisionRecord target)
    {
        var scheduler = new Scheduler(NodeTable.Of(state), PlacementRequest.For(state, target),
            ImmutableSortedDictionary<NodeId, int>.Empty);
        return scheduler.IsFull ? PlacementSummary.Of(scheduler, scheduler.Verdicts(), anyReady: true).Text : null;
    }

    /// <summary>A slot is under way from its first action to its last.</summary>
    private static int AtOnce(List<IGrouping<int, PlannedAction>> slots)
    {
        var moves = slots.SelectMany(slot => new[] { (At: slot.Min(one => one.At), Change: 1), (At: slot.Max(one => one.At), Change: -1) })
            .OrderBy(move => move.At).ThenBy(move => move.Change);
        var (now, most) = (0, 0);
        foreach (var move in moves)
        {
            now += move.Change;
            most = Math.Max(most, now);
        }

        return Math.Max(1, most);
    }
}
