// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Model;

namespace ClusterManager.Manager.State;

/// <summary>The allocations of 256 slots of a service, as they are stored under one key.</summary>
public sealed record AllocationChunk
{
    /// <summary>The service.</summary>
    public required ServiceId Service { get; init; }

    /// <summary>Slots <c>Chunk * 256 + 1</c> to <c>Chunk * 256 + 256</c>.</summary>
    public required int Chunk { get; init; }

    /// <summary>Live and lately ended ones, by slot and generation.</summary>
    public required ImmutableArray<AllocationRecord> Allocations { get; init; }

    /// <summary>By slot: the newest generation ever used.</summary>
    public ImmutableSortedDictionary<int, int> LastGenerations { get; init; } = ImmutableSortedDictionary<int, int>.Empty;

    /// <summary>Nothing to store: the key can go.</summary>
    public bool IsEmpty => Allocations.IsEmpty && LastGenerations.IsEmpty;
}
