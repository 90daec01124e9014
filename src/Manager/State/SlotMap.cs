// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace ClusterManager.Manager.State;

/// <summary>The allocations of one service grouped by slot, and the newest generation ever used in each slot.</summary>
public sealed record SlotMap
{
    /// <summary>Slots of a chunk, as they are stored.</summary>
    public const int ChunkSize = 256;

    /// <summary>No allocation.</summary>
    public static SlotMap Empty { get; } = new();

    /// <summary>By slot: oldest generation first; live and lately ended ones.</summary>
    public ImmutableSortedDictionary<int, ImmutableArray<AllocationRecord>> BySlot { get; init; } =
        ImmutableSortedDictionary<int, ImmutableArray<AllocationRecord>>.Empty;

    /// <summary>By slot: the newest generation ever used, so that an id is never given twice.</summary>
    public ImmutableSortedDictionary<int, int> LastGenerations { get; init; } = ImmutableSortedDictionary<int, int>.Empty;

    /// <summary>The chunk that holds a slot: slots 1 to 256 are chunk 0.</summary>
    public static int ChunkOf(int slot) => (slot - 1) / ChunkSize;
}
