// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Allocations;

/// <summary>What is to be done next after a transition.</summary>
internal enum AllocationAction
{
    /// <summary>Nothing: the allocation has ended or is being watched.</summary>
    None,

    /// <summary>Begin the attempt: find the container or make one.</summary>
    Begin,

    /// <summary>Fetch the image unless it is there.</summary>
    PullImage,

    /// <summary>Create the container.</summary>
    CreateContainer,

    /// <summary>Start the container.</summary>
    StartContainer,

    /// <summary>Probe, judge, and wait for its end.</summary>
    Watch,

    /// <summary>Ask <see cref="RestartDecision"/> whether another attempt follows.</summary>
    DecideRestart,

    /// <summary>Leave discovery, drain, signal.</summary>
    StopContainer,
}
