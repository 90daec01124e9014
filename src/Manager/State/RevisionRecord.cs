// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Model;

namespace ClusterManager.Manager.State;

/// <summary>A numbered, immutable spec of a service with its image resolved once. Ten are kept.</summary>
public sealed record RevisionRecord
{
    /// <summary>The service.</summary>
    public required ServiceId Service { get; init; }

    /// <summary>From 1.</summary>
    public required int Number { get; init; }

    /// <summary>What the user asked for.</summary>
    public required ServiceSpec Spec { get; init; }

    /// <summary>Hash of what a container is made of: equal hashes need no new container.</summary>
    public required string TemplateHash { get; init; }

    /// <summary>Hash of the whole spec: equal hashes are no change at all.</summary>
    public required string SpecHash { get; init; }

    /// <summary>What the image reference meant when it was asked; null: not asked yet.</summary>
    public ResolvedImage? Image { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who asked for it.</summary>
    public required string Actor { get; init; }
}
