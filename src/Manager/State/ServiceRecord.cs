// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Model;

namespace ClusterManager.Manager.State;

/// <summary>A service as stored. It holds no spec, only its revision's number.</summary>
public sealed record ServiceRecord
{
    /// <summary>Its id, never reused.</summary>
    public required ServiceId Id { get; init; }

    /// <summary>Its name; never changes.</summary>
    public required ServiceName Name { get; init; }

    /// <summary>The revision wanted.</summary>
    public required int Revision { get; init; }

    /// <summary>Replicas wanted; ignored for a global service.</summary>
    public required int Replicas { get; init; }

    /// <summary>The number of the next revision.</summary>
    public required int NextRevision { get; init; }

    /// <summary>The newest rollout.</summary>
    public required RolloutRecord Rollout { get; init; }

    /// <summary>How the rollouts to its revisions ended, by revision. One that is missing never ended, or long ago.</summary>
    public ImmutableSortedDictionary<int, RevisionVerdict> Verdicts { get; init; } = ImmutableSortedDictionary<int, RevisionVerdict>.Empty;

    /// <summary>Some rollout to the revision has succeeded, with a replica at least: it is something to go back to.</summary>
    public bool HasServed(int revision) => Verdicts.GetValueOrDefault(revision)?.HasServed == true;

    /// <summary>What is remembered of following its image in the registry.</summary>
    public TrackingRecord Tracking { get; init; } = TrackingRecord.Empty;

    /// <summary>
    /// Revisions to whose replicas the service's name does not lead: of a new colour that waits for the switch, or of an old one that is
    /// kept after it. The name is switched by one write of this.
    /// </summary>
    public ImmutableSortedSet<int> Untold { get; init; } = [];

    /// <summary>It is being removed: everything stops, then the record goes.</summary>
    public bool IsRemoving { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who created it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When an operator last changed it.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
}
