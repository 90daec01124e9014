// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace ClusterManager.Simulation;

/// <summary>What became of a seed.</summary>
public sealed record SimulationResult
{
    /// <summary>The seed.</summary>
    public required ulong Seed { get; init; }

    /// <summary>What was wrong; empty: nothing.</summary>
    public required ImmutableArray<string> Violations { get; init; }

    /// <summary>Over everything that happened: two runs of a seed agree.</summary>
    public required ulong Hash { get; init; }

    /// <summary>How long the run was in its own time.</summary>
    public required TimeSpan VirtualTime { get; init; }

    /// <summary>How many events happened.</summary>
    public required long Events { get; init; }

    /// <summary>How many turns were stored.</summary>
    public required long Commits { get; init; }

    /// <summary>Distinct shapes of services that were reached.</summary>
    public required ImmutableHashSet<int> Shapes { get; init; }

    /// <summary>Distinct situations of the whole cluster that were reached.</summary>
    public required ImmutableHashSet<int> Situations { get; init; }

    /// <summary>How often each kind of fault happened.</summary>
    public required ImmutableSortedDictionary<string, int> Faults { get; init; }

    /// <summary>The newest lines of the story.</summary>
    public required ImmutableArray<string> Newest { get; init; }

    /// <summary>What went wrong how often.</summary>
    public required string Mix { get; init; }
}
