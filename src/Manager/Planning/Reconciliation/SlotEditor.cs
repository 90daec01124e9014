// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Reconciliation;

/// <summary>
/// Writes allocations of one service within the turn's size. Every write first makes sure that the chunk of its slot fits the commit,
/// beside what the service still needs for its own record; a write that does not fit returns false and waits for the next turn.
/// </summary>
internal sealed class SlotEditor
{
    /// <summary>Kept free in each turn for the service's record and its volumes.</summary>
    private const int SpareChanges = 4;
    private const int SpareBytes = 8192;
    private const int GenerationBytes = 10;

    private readonly Turn turn;
    private readonly ServiceId service;
    private readonly ImmutableSortedDictionary<int, ImmutableArray<AllocationRecord>>.Builder slots;
    private readonly SortedDictionary<int, ImmutableArray<AllocationRecord>> hooks = [];
    private readonly ImmutableSortedDictionary<int, int>.Builder generations;
    private readonly SortedDictionary<int, int> chunkBytes = [];
    private readonly SortedSet<AllocationId> forgotten = [];
    private readonly SortedDictionary<AllocationId, (NodeId Node, bool IsLive)> touched = [];

    public SlotEditor(Turn turn, ServiceId service)
    {
        this.turn = turn;
        this.service = service;
        var map = turn.State.Allocations.GetValueOrDefault(service, SlotMap.Empty);
        slots = map.BySlot.ToBuilder();
        generations = map.LastGenerations.ToBuilder();
        foreach (var slot in HookSlot.All)
            if (slots.Remove(slot)) hooks[slot] = map.BySlot[slot];
    }

    /// <summary>Some write did not fit.</summary>
    public bool IsCutShort { get; private set; }

    /// <summary>Counts writes: equal before and after means that nothing moved.</summary>
    public int Writes { get; private set; }

    /// <summary>The records of all replicas' slots. Not to be enumerated while writing.</summary>
    public IReadOnlyDictionary<int, ImmutableArray<AllocationRecord>> Slots => slots;

    /// <summary>The records of hooks, by their slots. Not to be enumerated while writing.</summary>
    public IReadOnlyDictionary<int, ImmutableArray<AllocationRecord>> Hooks => hooks;

    /// <summary>All records, those of hooks last. Not to be enumerated while writing.</summary>
    public IEnumerable<AllocationRecord> All => slots.Values.Concat(hooks.Values).SelectMany(records => records);

    /// <summary>Writes a record in the place of the one with its id.</summary>
    public bool TryUpdate(AllocationRecord record)
    {
        var records = RecordsOf(record.Id.Slot);
        var at = IndexOf(records, record.Id);
        if (!TryReserve(record.Id.Slot, Math.Max(0, SizeEstimate.Of(record) - SizeEstimate.Of(records[at])))) return false;
        touched[record.Id] = (record.Node, record.IsLive);
        Write(record.Id.Slot, records.SetItem(at, record));
        return true;
    }

    /// <summary>Places a new allocation in the slot, one generation on.</summary>
    /// <param name="replaced">Written in the same commit; null: nothing is replaced.</param>
    public bool TryAdd(int slot, NodeId node, int revision, AllocationRecord? replaced)
    {
        var id = new AllocationId(service, slot, Math.Max(generations.GetValueOrDefault(slot), turn.State.Meta.GenerationFloor) + 1);
#if MUTANTS
        if (MutantSwitch.Is(Mutant.ReuseGeneration))
            id = new AllocationId(service, slot, Math.Max(1, generations.GetValueOrDefault(slot)));
#endif
        var record = new AllocationRecord { Id = id, Node = node, Revision = revision, Desired = DesiredState.Run, CreatedAt = turn.Now };
        if (!TryReserve(slot, SizeEstimate.Of(record) + GenerationBytes + (replaced is null ? 0 : SizeEstimate.Of(replaced)))) return false;
        if (replaced is not null && !TryUpdate(replaced)) return false;
        touched[id] = (node, true);
        generations[slot] = id.Generation;
        Write(slot, RecordsOf(slot).Add(record));
        return true;
    }

    /// <summary>Takes up an allocation that runs already; its generation must be newer than all that the slot had.</summary>
    public bool TryAdopt(AllocationRecord record)
    {
        var slot = record.Id.Slot;
        if (!TryReserve(slot, SizeEstimate.Of(record) + GenerationBytes)) return false;
        touched[record.Id] = (record.Node, true);
        generations[slot] = record.Id.Generation;
        Write(slot, RecordsOf(slot).Add(record));
        return true;
    }

    /// <summary>Takes a chunk out of the store (its service is being removed).</summary>
    public bool TryDeleteChunk(int chunk)
    {
        if (!turn.Budget.HasRoom(1 + SpareChanges, SpareBytes)) return Cut();
        foreach (var slot in slots.Keys.Where(slot => SlotMap.ChunkOf(slot) == chunk).ToList())
        {
            foreach (var record in slots[slot]) Forget(record);
            slots.Remove(slot);
        }

        foreach (var slot in hooks.Keys.Where(slot => SlotMap.ChunkOf(slot) == chunk).ToList())
        {
            foreach (var record in hooks[slot]) Forget(record);
            hooks.Remove(slot);
        }

        generations.RemoveRange(generations.Keys.Where(slot => SlotMap.ChunkOf(slot) == chunk).ToList());
        turn.Budget.Put(new StateChange.DeleteAllocations(service, chunk), 0);
        return true;
    }

    /// <summary>Moves everything written into the turn's state and its changes.</summary>
    public void Flush()
    {
        if (touched.Count == 0 && forgotten.Count == 0) return;
        var map = new SlotMap { BySlot = slots.ToImmutable().AddRange(hooks), LastGenerations = generations.ToImmutable() };
        var isGone = map.BySlot.IsEmpty && map.LastGenerations.IsEmpty;
        turn.State = turn.State with
        {
            Allocations = isGone ? turn.State.Allocations.Remove(service) : turn.State.Allocations.SetItem(service, map),
            LiveByNode = LiveByNode(),
            Observations = turn.State.Observations.RemoveRange(forgotten),
        };
    }

    private ImmutableSortedDictionary<NodeId, ImmutableSortedSet<AllocationId>> LiveByNode()
    {
        var byNode = turn.State.LiveByNode.ToBuilder();
        foreach (var group in touched.GroupBy(pair => pair.Value.Node))
        {
            turn.Recount(group.Key);
            var live = byNode.GetValueOrDefault(group.Key, []).ToBuilder();
            foreach (var (id, (_, isLive)) in group)
                if (isLive) live.Add(id);
#if MUTANTS
                else if (MutantSwitch.Is(Mutant.ForgetNodeIndex)) turn.RoomMayHaveGrown = true;
#endif
                else if (live.Remove(id)) turn.RoomMayHaveGrown = true;
            if (live.Count == 0) byNode.Remove(group.Key);
            else byNode[group.Key] = live.ToImmutable();
        }

        return byNode.ToImmutable();
    }

    /// <summary>Of ended allocations the newest two of the slot are kept.</summary>
    private void Write(int slot, ImmutableArray<AllocationRecord> records)
    {
        for (var extra = records.Count(record => !record.IsLive) - EngineLimits.EndedPerSlot; extra > 0; extra--)
        {
            var oldest = records.First(record => !record.IsLive);
            Forget(oldest);
            records = records.Remove(oldest);
        }

        if (HookSlot.IsHook(slot)) hooks[slot] = records;
        else slots[slot] = records;
    }

    private ImmutableArray<AllocationRecord> RecordsOf(int slot) =>
        HookSlot.IsHook(slot) ? hooks.GetValueOrDefault(slot, []) : slots.GetValueOrDefault(slot, []);

    private void Forget(AllocationRecord record)
    {
        forgotten.Add(record.Id);
        touched[record.Id] = (record.Node, false);
    }

    private bool TryReserve(int slot, int bytes)
    {
        var chunk = SlotMap.ChunkOf(slot);
        var known = chunkBytes.TryGetValue(chunk, out var before);
        var after = (known ? before : BytesOf(chunk)) + bytes;
        if (!turn.Budget.HasRoom((known ? 0 : 1) + SpareChanges, after - before + SpareBytes)) return Cut();
        turn.Budget.Put(new StateChange.PutAllocations(service, chunk), after);
        Writes++;
        chunkBytes[chunk] = after;
        return true;
    }

    private int BytesOf(int chunk)
    {
        var bytes = 32;
        var first = (chunk * SlotMap.ChunkSize) + 1;
        for (var slot = first; slot < first + SlotMap.ChunkSize; slot++)
        {
            bytes += RecordsOf(slot).Sum(SizeEstimate.Of);
            if (generations.ContainsKey(slot)) bytes += GenerationBytes;
        }

        return bytes;
    }

    private static int IndexOf(ImmutableArray<AllocationRecord> records, AllocationId id)
    {
        for (var i = 0; i < records.Length; i++)
            if (records[i].Id == id) return i;
        throw new System.Diagnostics.UnreachableException($"{id} is not in its slot");
    }

    private bool Cut()
    {
        IsCutShort = true;
        return false;
    }
}
