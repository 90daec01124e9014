// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Consul;

/// <summary>What an agent says of itself.</summary>
public sealed record AgentSelf
{
    /// <summary>Its datacenter.</summary>
    public string Datacenter { get; init; } = "";

    /// <summary>Its node's name.</summary>
    public string NodeName { get; init; } = "";

    /// <summary>Its node's id, which survives restarts.</summary>
    public string NodeID { get; init; } = "";

    /// <summary>True for a server, false for a client.</summary>
    public bool Server { get; init; }

    /// <summary>Its version, e.g. "1.8.7".</summary>
    public string Version { get; init; } = "";
}
