// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Model;

/// <summary>What the two witnesses (the agent's session and Consul's serfHealth) say of a node. Derived, never stored.</summary>
public enum NodeState
{
    /// <summary>A new leader has not heard of it yet.</summary>
    Unknown = 1,

    /// <summary>Session alive and engine answering.</summary>
    Ready = 2,

    /// <summary>Session gone, serf passing: the agent restarts, upgrades or hangs. Nothing moves for 60 s.</summary>
    AgentAway = 3,

    /// <summary>Session alive, engine not answering. Its allocations move after 30 s.</summary>
    EngineDown = 4,

    /// <summary>Both witnesses are gone: replace now.</summary>
    Down = 5,
}
