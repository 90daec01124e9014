// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Allocations;
using ClusterManager.Agent.Telemetry;
using ClusterManager.Hosting.Concurrency;

namespace ClusterManager.Agent.Images;

/// <summary>What <see cref="ImageKeeper"/> works with beside the engine.</summary>
internal sealed record ImageKeeperParts
{
    /// <summary>The ledger's place on disk.</summary>
    public required ImageLedgerFile File { get; init; }

    /// <summary>The settings as they are now, and what is wrong with them when that is news.</summary>
    public required Func<(ImageSettings Settings, string? Problem)> ReadSettings { get; init; }

    /// <summary>The engine's disk; null: it can not be found out.</summary>
    public required Func<DiskSpace?> Measure { get; init; }

    /// <summary>The assignment.</summary>
    public required Func<AssignmentBook> Book { get; init; }

    /// <summary>Says what the cluster keeps.</summary>
    public required KeepSource Keeps { get; init; }

    /// <summary>Where the disk is shown.</summary>
    public required LatestValue<DiskReport?> Disk { get; init; }
}
