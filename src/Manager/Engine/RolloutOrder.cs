// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Manager.Engine;

/// <summary>What an operator can order of a rollout that is under way.</summary>
public enum RolloutOrder
{
    /// <summary>Nothing new begins, and the deadline stands still.</summary>
    Pause = 1,

    /// <summary>It goes on; the deadline begins anew.</summary>
    Resume = 2,

    /// <summary>Back to the revision before.</summary>
    Abort = 3,

    /// <summary>A canary's other steps, holds and gates are left out.</summary>
    Promote = 4,

    /// <summary>A person says yes to the step of a canary that is held.</summary>
    Approve = 5,
}
