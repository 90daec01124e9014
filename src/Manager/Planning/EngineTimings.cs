// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Manager.Planning;

/// <summary>All times by which the engine decides. One record, so that a test or a simulation can shorten them together.</summary>
public sealed record EngineTimings
{
    /// <summary>The times that hold in a cluster.</summary>
    public static EngineTimings Default { get; } = new();

    /// <summary>How long a new leader waits for the agents before it fills gaps. Default 1 s.</summary>
    public TimeSpan Settling { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a node without session whose serfHealth passes keeps its allocations. Default 60 s.</summary>
    public TimeSpan AgentAwayGrace { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a node whose engine does not answer keeps its allocations. Default 30 s.</summary>
    public TimeSpan EngineDownGrace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Nodes that went down within this span count for the brake on mass loss. Default 60 s.</summary>
    public TimeSpan BrakeWindow { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long agents may take to answer an image look-up. Default 4 s: the verdict of a wrong image comes within 5 s.</summary>
    public TimeSpan ImageQueryDeadline { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>How long a replica without health check must have run to count as good. Default 5 s, as Swarm's monitor.</summary>
    public TimeSpan SettleWithoutHealth { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a replica with a passing health check must have been healthy to count as good. Default 1 s.</summary>
    public TimeSpan SettleWithHealth { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a service avoids a node where its port was taken. Default 60 s.</summary>
    public TimeSpan AvoidAfterFailure { get; init; } = TimeSpan.FromSeconds(60);
}
