// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.State;
using ClusterManager.Manager.Engine;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Plans;

/// <summary>What the turns of a rollout did to one service's replicas.</summary>
internal sealed class ActionRecorder
{
    private readonly List<PlannedAction> actions = [];
    private readonly SortedDictionary<int, ClusterState> beforeStop = [];
    private int step;

    /// <summary>So far, in their order.</summary>
    public IReadOnlyList<PlannedAction> Actions => actions;

    /// <summary>There were more than are kept.</summary>
    public bool IsFull => actions.Count >= PlanLimits.Actions;

    /// <summary>The state before the first stop in the slot; null: none, or too many.</summary>
    public ClusterState? BeforeStop(int slot) => beforeStop.GetValueOrDefault(slot);

    /// <summary>Notes what one turn did to the service.</summary>
    public void Take(ClusterState before, StepResult result, ServiceId service, TimeSpan at)
    {
        var isNew = true;
        foreach (var put in result.Changes.OfType<StateChange.PutAllocations>().Where(put => put.Service == service))
            foreach (var record in RecordsOf(result.State, put))
            {
                if (KindOf(before.Find(record.Id), record) is not { } kind || IsFull) continue;
                if (isNew) step++;
                isNew = false;
                actions.Add(new PlannedAction(kind, record.Id.Slot, record.Node, record.Revision, step, at));
                if (kind == PlannedActionKind.Stop && beforeStop.Count < PlanLimits.StatesKept) beforeStop.TryAdd(record.Id.Slot, before);
            }
    }

    /// <summary>The records of the chunk that was written, by slot and generation.</summary>
    public static IEnumerable<AllocationRecord> RecordsOf(ClusterState state, StateChange.PutAllocations put)
    {
        var slots = state.Allocations.GetValueOrDefault(put.Service, SlotMap.Empty).BySlot;
        var first = (put.Chunk * SlotMap.ChunkSize) + 1;
        for (var slot = first; slot < first + SlotMap.ChunkSize; slot++)
            foreach (var record in slots.GetValueOrDefault(slot, []))
                yield return record;
    }

    /// <summary>What was done to a record; null: nothing that its agent has to do. What ended by itself is not stopped.</summary>
    public static PlannedActionKind? KindOf(AllocationRecord? before, AllocationRecord after) =>
        before is null ? PlannedActionKind.Place
        : HookSlot.IsHook(after.Id.Slot) ? null // a hook ends by itself
        : before.IsWanted && after is { IsLive: true, IsWanted: false } ? PlannedActionKind.Stop : null;
}
