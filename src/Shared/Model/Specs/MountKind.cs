// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Model;

/// <summary>Where the content of a mount lives.</summary>
public enum MountKind
{
    /// <summary>A path of the node.</summary>
    Bind = 1,

    /// <summary>A named volume; its home is the node where it was first created.</summary>
    Volume = 2,

    /// <summary>Memory; gone with the container.</summary>
    Tmpfs = 3,
}
