// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Model;

namespace ClusterManager.Manager.State;

/// <summary>A gap: replicas of a service that no node takes, and why. Derived, never stored.</summary>
public sealed record Unplaced
{
    /// <summary>How many replicas.</summary>
    public required int Count { get; init; }

    /// <summary>The reason as a whole (for example NoNodeMatches), with its sentence.</summary>
    public required Reason Reason { get; init; }

    /// <summary>Since when.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Why each node was not taken.</summary>
    public required ImmutableArray<NodeVerdict> Nodes { get; init; }
}
