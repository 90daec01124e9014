// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Model;

/// <summary>Limits that the engine enforces and reservations that placement counts. Null: none.</summary>
public sealed record ResourceSpec
{
    /// <summary>No limit and no reservation.</summary>
    public static ResourceSpec None { get; } = new();

    /// <summary>CPU limit in billionths of a core.</summary>
    public long? CpuLimitNano { get; init; }

    /// <summary>Memory limit in bytes, at least 6 MiB (the engine's minimum).</summary>
    public long? MemoryLimitBytes { get; init; }

    /// <summary>Most processes and threads.</summary>
    public long? PidsLimit { get; init; }

    /// <summary>CPU set aside on the node, in billionths of a core.</summary>
    public long? CpuReservationNano { get; init; }

    /// <summary>Memory set aside on the node, in bytes.</summary>
    public long? MemoryReservationBytes { get; init; }
}
