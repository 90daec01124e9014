// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Docker;

/// <summary>What the engine's health check found so far.</summary>
public enum ContainerHealth
{
    /// <summary>There is no check.</summary>
    None = 0,

    /// <summary>No verdict yet.</summary>
    Starting,

    /// <summary>The last check succeeded.</summary>
    Healthy,

    /// <summary>As many checks in a row failed as were allowed.</summary>
    Unhealthy,
}
