// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Manager.Engine;

/// <summary>Why a mutation was refused.</summary>
public enum RefusalKind
{
    /// <summary>Bad input.</summary>
    Invalid = 1,

    /// <summary>The object does not exist.</summary>
    NotFound = 2,

    /// <summary>A name held by another, or the state moved.</summary>
    Conflict = 3,

    /// <summary>The token is wrong, used up, expired, revoked or not for managers.</summary>
    NotPermitted = 4,
}
