// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Model;

/// <summary>One mount of a container.</summary>
public sealed record MountSpec
{
    /// <summary>Bind, named volume or tmpfs.</summary>
    public required MountKind Kind { get; init; }

    /// <summary>
    /// Bind: the absolute path on the node. Volume: the volume's name within the stack. Null for tmpfs and for an anonymous volume.
    /// </summary>
    public string? Source { get; init; }

    /// <summary>Absolute path in the container.</summary>
    public required string Target { get; init; }

    /// <summary>Mount it read-only.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Size of a tmpfs in bytes; null: the kernel's default (half of memory).</summary>
    public long? TmpfsSizeBytes { get; init; }

    /// <summary>Mode bits of a tmpfs; null: 1777.</summary>
    public int? TmpfsMode { get; init; }
}
