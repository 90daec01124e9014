// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Manager.State;

/// <summary>How a node stands to an image that it is to have before a rollout touches anything. The wire has the same numbers.</summary>
public enum PullState
{
    /// <summary>It has it, verified.</summary>
    Present = 1,

    /// <summary>It has not, and waits for its turn to pull.</summary>
    Absent = 2,

    /// <summary>It pulls.</summary>
    Pulling = 3,

    /// <summary>It can not have it.</summary>
    Failed = 4,

    /// <summary>It will not say: its containers pull when they start.</summary>
    Skipped = 5,
}
