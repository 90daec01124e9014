// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Model;

namespace ClusterManager.Manager.State;

/// <summary>
/// What the newest release of a stack was asked for. It is stored first; its services are applied from it over as many turns as they
/// need. How far it is stands in its <see cref="ReleaseEntry"/>.
/// </summary>
public sealed record ReleaseRecord
{
    /// <summary>The stack.</summary>
    public required string Stack { get; init; }

    /// <summary>Counts the stack's deploys, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>All its services.</summary>
    public required ImmutableArray<ServiceSpec> Services { get; init; }

    /// <summary>Names (within the stack) that a version before the history of releases had not applied yet; now always empty.</summary>
    public ImmutableSortedSet<string> Pending { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>Remove services of the stack that are not in it.</summary>
    public required bool Prune { get; init; }

    /// <summary>Who deployed.</summary>
    public required string Actor { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Hashes of all services by name. Not stored: persistence computes them again from the specs.</summary>
    public ImmutableSortedDictionary<string, SpecHashes> Hashes { get; init; } =
        ImmutableSortedDictionary.Create<string, SpecHashes>(StringComparer.Ordinal);
}
