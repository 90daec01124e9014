// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Model;

namespace ClusterManager.Manager.State;

/// <summary>What this term has seen of a node. Never stored: a new leader learns it anew.</summary>
public sealed record NodeObservation
{
    /// <summary>A session of the node's agent is open.</summary>
    public bool HasSession { get; init; }

    /// <summary>Counts the node's sessions of this term, so that the end of an old one is not taken for the end of the new one.</summary>
    public long SessionNumber { get; init; }

    /// <summary>When the session ended; null: it is open, or there was none.</summary>
    public DateTimeOffset? SessionLostAt { get; init; }

    /// <summary>What Consul's serfHealth says; null: not heard yet.</summary>
    public bool? SerfPassing { get; init; }

    /// <summary>When serfHealth last changed; null: not heard yet.</summary>
    public DateTimeOffset? SerfChangedAt { get; init; }

    /// <summary>The agent's engine answers.</summary>
    public bool EngineUp { get; init; }

    /// <summary>When the engine stopped answering; null: it answers.</summary>
    public DateTimeOffset? EngineLostAt { get; init; }

    /// <summary>Derived from the above at the last turn that concerned the node.</summary>
    public NodeState State { get; init; } = NodeState.Unknown;

    /// <summary>When <see cref="State"/> last changed.</summary>
    public DateTimeOffset StateSince { get; init; }

    /// <summary>What the agent reported last; null: nothing in this term. It is stored in the node's record when it differs.</summary>
    public NodeFacts? Facts { get; init; }

    /// <summary>The protocol of its newest session; 0: none yet. The cluster acts at the level of the lowest.</summary>
    public int Protocol { get; init; }

    /// <summary>The agent of its newest session can be told to have an image before a rollout begins.</summary>
    public bool CanPull { get; init; }

    /// <summary>The agent of its newest session understands which name leads to a replica.</summary>
    public bool KnowsColours { get; init; }

    /// <summary>The agent of its newest session knows what hooks are.</summary>
    public bool CanRunHooks { get; init; }

    /// <summary>The engine's disk; null: its agent has not said, as those of before 0.2 never do.</summary>
    public DiskObservation? Disk { get; init; }

    /// <summary>What the node runs and the state does not know, since it was restored or rebuilt; in order.</summary>
    public ImmutableArray<HeldAllocation> Strays { get; init; } = [];
}
