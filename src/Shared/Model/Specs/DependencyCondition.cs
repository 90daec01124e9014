// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Model;

/// <summary>What a release of a stack waits for of one service before it applies another.</summary>
public enum DependencyCondition
{
    /// <summary>Each of its replicas runs (compose: <c>service_started</c>).</summary>
    Started = 1,

    /// <summary>Each of its replicas is good, as a rollout judges it (compose: <c>service_healthy</c>).</summary>
    Healthy = 2,

    /// <summary>Each of its replicas has ended with exit code 0 (compose: <c>service_completed_successfully</c>).</summary>
    Completed = 3,
}
