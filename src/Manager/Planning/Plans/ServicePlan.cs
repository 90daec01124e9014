// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Plans;

/// <summary>What would become of one service.</summary>
public sealed record ServicePlan
{
    /// <summary>Its name.</summary>
    public required ServiceName Name { get; init; }

    /// <summary>What the change means for its containers.</summary>
    public required ServiceChangeKind Change { get; init; }

    /// <summary>The revision now; null: it is new.</summary>
    public RevisionRecord? Before { get; init; }

    /// <summary>Replicas wanted now.</summary>
    public int ReplicasBefore { get; init; }

    /// <summary>The revision that would be wanted; null: it would be removed.</summary>
    public RevisionRecord? After { get; init; }

    /// <summary>Replicas that would be wanted.</summary>
    public int ReplicasAfter { get; init; }

    /// <summary>In their order. Empty: no container is touched.</summary>
    public ImmutableArray<PlannedAction> Actions { get; init; } = [];

    /// <summary>Which goes first where one replica takes another's place, and why; null: none does.</summary>
    public PlannedOrder? Order { get; init; }

    /// <summary>Until the rollout's verdict, or until it is removed.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Why it would fail; null: it would not.</summary>
    public Reason? Impossible { get; init; }
}
