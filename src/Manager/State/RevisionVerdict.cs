// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Manager.State;

/// <summary>How the newest rollout to a revision ended. Kept as long as the revision.</summary>
public sealed record RevisionVerdict
{
    /// <summary>Most characters of <see cref="Reason"/>.</summary>
    public const int ReasonCharacters = 120;

    /// <summary>The revision.</summary>
    public required int Revision { get; init; }

    /// <summary>The rollout's number.</summary>
    public required int Rollout { get; init; }

    /// <summary>How it ended.</summary>
    public required RolloutState State { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>Why it did not succeed, shortened; empty: it did, or nobody knows.</summary>
    public string Reason { get; init; } = "";

    /// <summary>This or an earlier rollout to the revision has succeeded: it can be gone back to.</summary>
    public bool HasServed { get; init; }
}
