// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Manager.State;

/// <summary>One placed replica as stored: it never changes its node.</summary>
public sealed record AllocationRecord
{
    /// <summary>Service, slot, generation.</summary>
    public required AllocationId Id { get; init; }

    /// <summary>Where it was placed.</summary>
    public required NodeId Node { get; init; }

    /// <summary>The revision it runs.</summary>
    public required int Revision { get; init; }

    /// <summary>What the manager wants; only moves up.</summary>
    public required DesiredState Desired { get; init; }

    /// <summary>
    /// How it ended (Completed, Stopped, Failed, Rejected or Lost); null: it lives. Stored, else a new leader would revive it.
    /// </summary>
    public AllocationState? Ended { get; init; }

    /// <summary>Why it ended or was told to stop; null: no reason.</summary>
    public Reason? Reason { get; init; }

    /// <summary>An operator wants another in its place; it serves until then, as in an update.</summary>
    public bool IsToBeReplaced { get; init; }

    /// <summary>When it was placed.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it ended; null: it lives.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>It has not ended.</summary>
    public bool IsLive => Ended is null;

    /// <summary>It has not ended and is wanted.</summary>
    public bool IsWanted => Ended is null && Desired <= DesiredState.Run;
}
