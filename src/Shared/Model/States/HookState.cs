// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Model;

/// <summary>How a hook of a rollout stands.</summary>
public enum HookState
{
    /// <summary>It has a node, and its end is not known.</summary>
    Running = 1,

    /// <summary>It ended with exit code 0.</summary>
    Succeeded = 2,

    /// <summary>It ended otherwise, took too long, could not start, or nobody knows whether it ended.</summary>
    Failed = 3,
}
