// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Reconciliation;

/// <summary>
/// Removes a service: everything is told to stop; when all have ended, or sit on nodes that are lost, the records go. A lost node that
/// returns is told to have nothing, and stops what it still runs.
/// </summary>
internal static class ServiceRemoval
{
    private static readonly Reason Removed = new(ReasonCode.ServiceRemoved, "the service was removed");

    /// <returns>True when nothing of the service is left.</returns>
    public static bool Plan(ServiceDraft draft)
    {
        var live = draft.Editor.All.Where(record => record.IsLive).ToList();
        foreach (var record in live.Where(record => record.Desired < DesiredState.Remove && !draft.Turn.State.IsKept(record)))
            if (!draft.Editor.TryUpdate(record with { Desired = DesiredState.Remove, Reason = Removed })) break;
        if (draft.Editor.IsCutShort
            || live.Any(record => !draft.Turn.IsLost(record.Node) && !draft.Turn.Memory.BrakedNodes.Contains(record.Node)))
        {
            draft.Finish();
            return false;
        }

        return DeleteRecords(draft);
    }

    private static bool DeleteRecords(ServiceDraft draft)
    {
        var turn = draft.Turn;
        var id = draft.Service.Id;
        foreach (var chunk in ClusterStateBuilder.ChunksOf(turn.State.Allocations.GetValueOrDefault(id, SlotMap.Empty)))
            if (!draft.Editor.TryDeleteChunk(chunk)) break;
        draft.Editor.Flush();
        var revisions = draft.Revisions;
        if (draft.Editor.IsCutShort || !turn.Budget.HasRoom(revisions.Count + 1, 0))
        {
            draft.Finish();
            turn.HasLeftovers = true;
            turn.Dirty.Add(id);
            return false;
        }

        foreach (var number in revisions.Keys) turn.Budget.Put(new StateChange.DeleteRevision(id, number), 0);
        turn.Budget.Put(new StateChange.DeleteService(id), 0);
        var name = draft.Service.Name.DiscoveryName;
        turn.State = turn.State with
        {
            Services = turn.State.Services.Remove(id),
            Revisions = turn.State.Revisions.Remove(id),
            Allocations = turn.State.Allocations.Remove(id),
            GlobalServices = turn.State.GlobalServices.Remove(id),
            ServicesByDiscoveryName = turn.State.ServicesByDiscoveryName.TryGetValue(name, out var holder) && holder == id
                ? turn.State.ServicesByDiscoveryName.Remove(name) : turn.State.ServicesByDiscoveryName,
        };
        return true;
    }
}
