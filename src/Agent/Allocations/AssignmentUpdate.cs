// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Model;

namespace ClusterManager.Agent.Allocations;

/// <summary>A message of the manager that changes what this node is to have.</summary>
internal sealed record AssignmentUpdate
{
    /// <summary>The cluster that speaks.</summary>
    public required ClusterId Cluster { get; init; }

    /// <summary>True: replaces everything. False: applies to <see cref="From"/> only.</summary>
    public required bool IsComplete { get; init; }

    /// <summary>The version that an incremental update applies to.</summary>
    public StateVersion From { get; init; }

    /// <summary>The version that results.</summary>
    public required StateVersion To { get; init; }

    /// <summary>It is what this agent itself has written; not a manager's word.</summary>
    public bool IsFromDisk { get; init; }

    /// <summary>See <see cref="AssignmentBook.KeepsOrphans"/>; only from the disk.</summary>
    public bool KeepsOrphans { get; init; }

    /// <summary>New and changed allocations.</summary>
    public ImmutableArray<Assignment> Upserts { get; init; } = [];

    /// <summary>Allocations to forget: ended, reported and recorded.</summary>
    public ImmutableArray<AllocationId> Removals { get; init; } = [];
}
