// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Manager.State;

/// <summary>Moving a service from one revision (or replica count) to another, and how it ended. It always ends.</summary>
public sealed record RolloutRecord
{
    /// <summary>Counts the service's rollouts, from 1. A caller waits for its number.</summary>
    public required int Number { get; init; }

    /// <summary>Under way, or how it ended.</summary>
    public required RolloutState State { get; init; }

    /// <summary>The revision before; 0: none.</summary>
    public int FromRevision { get; init; }

    /// <summary>The revision wanted.</summary>
    public required int ToRevision { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended; null: under way.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How long it may go without progress.</summary>
    public required TimeSpan Deadline { get; init; }

    /// <summary>Why it failed; null: it did not.</summary>
    public Reason? Reason { get; init; }

    /// <summary>The allocation whose failure ended it; null: none.</summary>
    public AllocationId? Failed { get; init; }

    /// <summary>Name of the node of <see cref="Failed"/>; empty: none.</summary>
    public string FailedNode { get; init; } = "";

    /// <summary>Who asked for it.</summary>
    public required string Actor { get; init; }
}
