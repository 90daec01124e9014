// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Agent.Allocations;

/// <summary>One allocation that the manager wants this node to have. Immutable; replaced whole by a newer one.</summary>
internal sealed record Assignment
{
    /// <summary>Service, slot and generation.</summary>
    public required AllocationId Id { get; init; }

    /// <summary>What the manager wants; only moves up.</summary>
    public required DesiredState Desired { get; init; }

    /// <summary>Number of the revision that <see cref="Spec"/> belongs to.</summary>
    public required int Revision { get; init; }

    /// <summary>What the user asked for.</summary>
    public required ServiceSpec Spec { get; init; }

    /// <summary>What to pull and run: reference with digest, or an image id.</summary>
    public required string Image { get; init; }

    /// <summary>The image is in no registry: it is never pulled.</summary>
    public bool ImageIsId { get; init; }

    /// <summary>Hash of what a container is made of: equal hashes need no new container.</summary>
    public string TemplateHash { get; init; } = "";

    /// <summary>It holds something that only one may hold: after a power cut it waits for a manager's word.</summary>
    public bool Exclusive { get; init; }

    /// <summary>An earlier life of the state assigned it, and the present one does not know it: it runs on until a manager names
    /// it.</summary>
    public bool IsStray { get; init; }

    /// <summary>Which name leads callers to it. A change of it touches no container.</summary>
    public Colour Colour { get; init; }

    /// <summary>Value of the registry's authentication header; null: anonymous. Never written to disk, never logged.</summary>
    public string? RegistryAuth { get; init; }

    /// <summary>The text form, without credentials.</summary>
    public override string ToString() => $"{Id} {Desired} {Spec.Name}";
}
