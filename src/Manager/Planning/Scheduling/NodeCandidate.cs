// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Scheduling;

/// <summary>A node as placement sees it.</summary>
internal sealed record NodeCandidate(NodeRecord Record, NodeState State, NodeUsage Usage)
{
    /// <summary>Its agent understands which name leads to a replica.</summary>
    public bool KnowsColours { get; init; }

    /// <summary>Its agent is known to be of a version without hooks.</summary>
    public bool KnowsNoHooks { get; init; }

    /// <summary>The engine's disk; null: not known.</summary>
    public DiskObservation? Disk { get; init; }

    public long FreeCpuNano => (Record.Facts?.CpuNano ?? 0) - Usage.CpuNano;

    public long FreeMemoryBytes => (Record.Facts?.MemoryBytes ?? 0) - Usage.MemoryBytes;

    public NodeLoad Load => NodeLoad.Of(Record, Usage);
}
