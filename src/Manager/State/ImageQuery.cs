// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Model;

namespace ClusterManager.Manager.State;

/// <summary>The question "which digest does this reference mean, and who has it?" put to some agents.</summary>
public sealed record ImageQuery
{
    /// <summary>Number within the term.</summary>
    public required long Number { get; init; }

    /// <summary>The service that asks.</summary>
    public required ServiceId Service { get; init; }

    /// <summary>The revision that asks.</summary>
    public required int Revision { get; init; }

    /// <summary>The reference.</summary>
    public required string Image { get; init; }

    /// <summary>The agents that are to ask their registry too; a subset of <see cref="AskedNodes"/>.</summary>
    public required ImmutableSortedSet<NodeId> RegistryNodes { get; init; }

    /// <summary>All agents that are asked.</summary>
    public required ImmutableSortedSet<NodeId> AskedNodes { get; init; }

    /// <summary>What came back.</summary>
    public ImmutableSortedDictionary<NodeId, ImageAnswer> Answers { get; init; } = ImmutableSortedDictionary<NodeId, ImageAnswer>.Empty;

    /// <summary>Who does not answer by then is left out.</summary>
    public required DateTimeOffset Deadline { get; init; }
}
