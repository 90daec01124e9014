// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Model;

/// <summary>How far a release of a stack has come. All but <see cref="Applying"/> and <see cref="RollingBack"/> are ends.</summary>
public enum ReleaseState
{
    /// <summary>Its services are applied, each when what it depends on is so far.</summary>
    Applying = 1,

    /// <summary>All of it runs.</summary>
    Succeeded = 2,

    /// <summary>One service failed; what the release has changed goes back.</summary>
    RollingBack = 3,

    /// <summary>One service failed, and all are as before.</summary>
    RolledBack = 4,

    /// <summary>One service failed, and what was changed stays: there was nothing to go back to, or the operator wants it so.</summary>
    Failed = 5,

    /// <summary>One service failed, and the way back of some failed too.</summary>
    RollbackFailed = 6,

    /// <summary>A newer release took its place.</summary>
    Superseded = 7,
}
