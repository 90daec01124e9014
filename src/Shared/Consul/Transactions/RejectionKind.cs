// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Consul;

/// <summary>Why a transaction was refused.</summary>
public enum RejectionKind
{
    /// <summary>The session does not hold the lock (any more): the writer is deposed.</summary>
    Session,

    /// <summary>A key has changed since it was read.</summary>
    Index,

    /// <summary>A key exists that must not.</summary>
    Exists,

    /// <summary>A key does not exist that must.</summary>
    NotFound,

    /// <summary>The token may not do one of the operations, or is unknown.</summary>
    Permission,

    /// <summary>Anything else; the text says what.</summary>
    Other,
}
