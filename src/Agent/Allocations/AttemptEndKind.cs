// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Allocations;

/// <summary>How an attempt ended, as far as the next one depends on it.</summary>
internal enum AttemptEndKind
{
    /// <summary>The process ended by itself.</summary>
    Exited,

    /// <summary>The health check failed for so long that the process was ended.</summary>
    Unhealthy,

    /// <summary>The image could not be had: the back-off may grow longer, since a registry's trouble lasts.</summary>
    Image,

    /// <summary>The engine refused to create or start it.</summary>
    Refused,

    /// <summary>Somebody removed the container.</summary>
    RemovedByHand,
}
