// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Planning.Reconciliation;
using ClusterManager.Manager.Planning.Recovery;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Mutations;

/// <summary>
/// Marks allocations to be replaced, and begins a rollout of each service to the revision that it has: what is marked counts as outdated,
/// so the update's own order and pace replace it, and its verdict says how that ended.
/// </summary>
internal static class ReplaceMutation
{
    public static MutationResult Carry(Turn turn, ClusterEvent.ReplaceAllocations order)
    {
        var wanted = order.Allocations.Distinct().Select(turn.State.Find).OfType<AllocationRecord>()
            .Where(record => record.IsWanted && !HookSlot.IsHook(record.Id.Slot))
            .GroupBy(record => record.Id.Service).OrderBy(group => group.Key).ToList();
        if (wanted.Count > EngineLimits.ServicesPerMutation)
            return Refusals.Invalid($"{wanted.Count} services at once: at most {EngineLimits.ServicesPerMutation} are allowed");
        foreach (var service in wanted.Select(group => turn.State.Services[group.Key]))
        {
            if (service.IsRemoving) return Refusals.Conflict($"service {service.Name.Display} is being removed");
            if (UnconfirmedNodes.Refusal(turn.State, service.Id) is { } waits) return Refusals.Conflict(waits);
        }

        var outcomes = new List<RequestOutcome>();
        foreach (var group in wanted)
        {
            if (!TryMark(turn, group)) return Refusals.Invalid("too many replicas for one commit: name fewer of them");
            outcomes.Add(Begin(turn, turn.State.Services[group.Key], order.Origin.Actor));
        }

        return Refusals.Accepted([.. outcomes]);
    }

    private static bool TryMark(Turn turn, IGrouping<ServiceId, AllocationRecord> records)
    {
        var editor = new SlotEditor(turn, records.Key);
        if (!records.Where(record => !record.IsToBeReplaced).All(record => editor.TryUpdate(record with { IsToBeReplaced = true })))
            return false;
        editor.Flush();
        return true;
    }

    private static RequestOutcome Begin(Turn turn, ServiceRecord service, string actor)
    {
        var begun = ServiceChange.Scaled(turn.State, service, service.Replicas, null, turn.Now, actor);
        turn.PutService(begun);
        turn.Dirty.Add(begun.Id);
        return ServiceMutations.Outcome(begun, ServiceChangeKind.Updated);
    }
}
