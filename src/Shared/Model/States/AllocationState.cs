// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Model;

/// <summary>
/// How far an attempt of an allocation has come. Within an attempt it only moves up; a restart in place is the next attempt.
/// Gaps of 64 leave room. Observed by the agent; <see cref="Lost"/> is written by the manager only.
/// </summary>
public enum AllocationState
{
    /// <summary>Placed; the agent has not answered yet.</summary>
    Assigned = 64,

    /// <summary>The image is being fetched, or the next try of it is awaited.</summary>
    Pulling = 128,

    /// <summary>The container is being created.</summary>
    Creating = 192,

    /// <summary>The container is being started.</summary>
    Starting = 256,

    /// <summary>The container's process runs.</summary>
    Running = 320,

    /// <summary>Out of discovery, draining, or signalled.</summary>
    Stopping = 384,

    /// <summary>Ended by itself with exit code 0. An end.</summary>
    Completed = 448,

    /// <summary>Ended because it was told to. An end.</summary>
    Stopped = 512,

    /// <summary>Ended by itself otherwise. An end of the attempt; of the allocation when no restart follows.</summary>
    Failed = 576,

    /// <summary>Never started: image, configuration or port. An end of the attempt.</summary>
    Rejected = 640,

    /// <summary>Its node is gone and a replacement was placed. An end.</summary>
    Lost = 704,
}
