// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Allocations;

/// <summary>What a runner is to reach; ordered, so that "at least stop" is a comparison.</summary>
internal enum RunnerGoal
{
    /// <summary>The assignment is not known: follow what happens, change nothing.</summary>
    Observe = 0,

    /// <summary>Do not start yet: an exclusive allocation waits for a manager's word.</summary>
    Hold = 1,

    /// <summary>Have the image.</summary>
    Prepare = 2,

    /// <summary>Run.</summary>
    Run = 3,

    /// <summary>Leave discovery, drain, stop; keep the container for diagnosis.</summary>
    Stop = 4,

    /// <summary>Stop, then remove the container.</summary>
    Remove = 5,

    /// <summary>Stop, remove, and end the runner.</summary>
    Forget = 6,
}
