// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Manager.State;

/// <summary>What a mutation did to a service.</summary>
public enum ServiceChangeKind
{
    /// <summary>Not about a service.</summary>
    None = 0,

    /// <summary>It is new.</summary>
    Created = 1,

    /// <summary>Its containers are replaced.</summary>
    Updated = 2,

    /// <summary>Only the number of replicas changed.</summary>
    Scaled = 3,

    /// <summary>A new revision, but nothing restarts.</summary>
    Metadata = 4,

    /// <summary>Nothing changed.</summary>
    Unchanged = 5,

    /// <summary>It is being removed.</summary>
    Removed = 6,

    /// <summary>Replicas go to other nodes; only in plans.</summary>
    Moved = 7,
}
