// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace ClusterManager.Agent.Allocations;

/// <summary>What a runner is told: always the newest, never a queue.</summary>
internal sealed record RunnerInputs
{
    /// <summary>What to reach.</summary>
    public required RunnerGoal Goal { get; init; }

    /// <summary>The assignment; null when it is not (or no longer) known.</summary>
    public Assignment? Assignment { get; init; }

    /// <summary>The engine answers. While it does not, nothing is concluded.</summary>
    public bool IsEngineUp { get; init; }

    /// <summary>Consul has an entry of this allocation, passing or not, or nobody has looked yet in this agent's life.</summary>
    public bool IsInDiscovery { get; init; }

    /// <summary>It has been so in this agent's life: a runner that is busy may miss the moment at which it ceases.</summary>
    public bool WasInDiscovery { get; init; }

    /// <summary>An earlier life of this agent had the assignment: what it did with it, only the container tells.</summary>
    public bool IsResumed { get; init; }

    /// <summary>Grows whenever something may have happened to the container: look again.</summary>
    public int Hints { get; init; }

    /// <summary>Further containers of this allocation, which must go.</summary>
    public ImmutableArray<string> Duplicates { get; init; } = [];
}
