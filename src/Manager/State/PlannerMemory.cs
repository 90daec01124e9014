// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Engine;
using ClusterManager.Model;

namespace ClusterManager.Manager.State;

/// <summary>What the planner keeps between the turns of a term: dirty services, due times, progress of rollouts. Never stored.</summary>
public sealed record PlannerMemory
{
    /// <summary>Nothing noted.</summary>
    public static PlannerMemory Empty { get; } = new();

    /// <summary>Services to be planned at the next turn.</summary>
    public ImmutableSortedSet<ServiceId> Dirty { get; init; } = [];

    /// <summary>When a service is to be planned again though nothing happens.</summary>
    public ImmutableSortedDictionary<ServiceId, DateTimeOffset> Due { get; init; } = ImmutableSortedDictionary<ServiceId,
        DateTimeOffset>.Empty;

    /// <summary>Progress of the rollouts that run.</summary>
    public ImmutableSortedDictionary<ServiceId, RolloutProgress> Progress { get; init; } =
        ImmutableSortedDictionary<ServiceId, RolloutProgress>.Empty;

    /// <summary>Nodes that a service avoids until the given time, because it just failed there.</summary>
    public ImmutableSortedDictionary<ServiceId, ImmutableSortedDictionary<NodeId, DateTimeOffset>> Avoided { get; init; } =
        ImmutableSortedDictionary<ServiceId, ImmutableSortedDictionary<NodeId, DateTimeOffset>>.Empty;

    /// <summary>Services whose rollout failed by its image, and when the image is asked for again.</summary>
    public ImmutableSortedDictionary<ServiceId, ImageRetry> ImageRetries { get; init; } =
        ImmutableSortedDictionary<ServiceId, ImageRetry>.Empty;

    /// <summary>What was said last of the gates of canaries that are held, by service and gate.</summary>
    public ImmutableSortedDictionary<ServiceId, ImmutableSortedDictionary<int, GateAnswer>> GateAnswers { get; init; } =
        ImmutableSortedDictionary<ServiceId, ImmutableSortedDictionary<int, GateAnswer>>.Empty;

    /// <summary>Nodes that are not ready: the others change only when a witness speaks of them.</summary>
    public ImmutableSortedSet<NodeId> NotReady { get; init; } = [];

    /// <summary>Nodes whose agents found facts that may have to be stored.</summary>
    public ImmutableSortedSet<NodeId> FactsDue { get; init; } = [];

    /// <summary>Nodes whose allocations are to be replaced.</summary>
    public ImmutableSortedSet<NodeId> LostNodes { get; init; } = [];

    /// <summary>Nodes that are down while the brake is on: nothing of theirs is replaced.</summary>
    public ImmutableSortedSet<NodeId> BrakedNodes { get; init; } = [];

    /// <summary>Nodes that are down and whose loss an operator has confirmed.</summary>
    public ImmutableSortedSet<NodeId> ConfirmedLost { get; init; } = [];

    /// <summary>The agents have reported, or had their time to: gaps are filled.</summary>
    public bool IsSettled { get; init; }

    /// <summary>Mutations that did not fit the last turn; they come first in the next.</summary>
    public ImmutableArray<ClusterEvent.Mutation> Deferred { get; init; } = [];
}
