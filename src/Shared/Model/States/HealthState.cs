// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Model;

/// <summary>What the health check says, apart from the allocation's state.</summary>
public enum HealthState
{
    /// <summary>There is no health check: running is enough.</summary>
    None = 1,

    /// <summary>Not judged yet.</summary>
    Unknown = 2,

    /// <summary>Passing.</summary>
    Healthy = 3,

    /// <summary>Failing.</summary>
    Unhealthy = 4,
}
