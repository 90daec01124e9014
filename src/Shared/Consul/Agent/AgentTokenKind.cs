// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Consul;

/// <summary>Which of an agent's own tokens.</summary>
public enum AgentTokenKind
{
    /// <summary>What the agent itself uses: registering its node, syncing its services.</summary>
    Agent,

    /// <summary>What requests without a token, and DNS, count as.</summary>
    Default,
}
