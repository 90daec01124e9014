// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Manager.State;

/// <summary>The disk with a node's images and containers, as its agent last told.</summary>
public sealed record DiskObservation
{
    /// <summary>What programs may still write.</summary>
    public required long FreeBytes { get; init; }

    /// <summary>All of it.</summary>
    public required long SizeBytes { get; init; }

    /// <summary>It is so full that the node takes no new replicas. The agent judges: it knows the node's settings.</summary>
    public required bool IsPressed { get; init; }

    /// <summary>When images were last removed, by the node's clock; null: not since its agent began.</summary>
    public DateTimeOffset? SweptAt { get; init; }

    /// <summary>How many then.</summary>
    public int SweptImages { get; init; }

    /// <summary>By how much the disk became freer.</summary>
    public long SweptBytes { get; init; }
}
