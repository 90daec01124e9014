// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Docker;

/// <summary>What to wait for.</summary>
public enum WaitCondition
{
    /// <summary>Answers at once when the container does not run.</summary>
    NotRunning = 0,

    /// <summary>The next end: ask before starting, so that a run of a millisecond is not missed.</summary>
    NextExit,

    /// <summary>Its removal.</summary>
    Removed,
}
