// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Allocations;

/// <summary>What can happen to an attempt of an allocation: the columns of <see cref="AllocationTransitions"/>.</summary>
internal enum AllocationInput
{
    /// <summary>The attempt begins and has no container yet.</summary>
    Prepare,

    /// <summary>The image is on the node and the allocation may run.</summary>
    ImageReady,

    /// <summary>The image could not be had.</summary>
    ImageFailed,

    /// <summary>A container exists and is to be started.</summary>
    ContainerReady,

    /// <summary>The engine refused to create it.</summary>
    CreateFailed,

    /// <summary>The engine refused to start it.</summary>
    StartFailed,

    /// <summary>Its process runs.</summary>
    Started,

    /// <summary>Its process ended by itself with exit code 0.</summary>
    Succeeded,

    /// <summary>Its process ended by itself otherwise, or was ended for being unhealthy.</summary>
    Failed,

    /// <summary>The container was removed by somebody else.</summary>
    Vanished,

    /// <summary>The manager wants it stopped.</summary>
    StopRequested,

    /// <summary>It has stopped, because it was told to.</summary>
    StopCompleted,

    /// <summary>The next attempt begins.</summary>
    NextAttempt,
}
