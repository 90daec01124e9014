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

    /// <summary>
    /// How long a rollout waits for the image on a node that is not ready, before it begins without it. Default 4 s: an agent's restart.
    /// </summary>
    public TimeSpan PullAwayGrace { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>How long a replica without health check must have run to count as good. Default 5 s, as Swarm's monitor.</summary>
    public TimeSpan SettleWithoutHealth { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a replica with a passing health check must have been healthy to count as good. Default 1 s.</summary>
    public TimeSpan SettleWithHealth { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long the container of the allocation that failed an update is kept for diagnosis. Default 10 min.</summary>
    public TimeSpan KeepFailedContainer { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long the container of a hook that succeeded is kept for its logs. Default 5 min.</summary>
    public TimeSpan KeepFinishedHook { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long no node may have a service's fixed port free before its rollout fails. Default 4 s: longer than a stop takes usually,
    /// and short enough for the verdict to be told within 5 s.
    /// </summary>
    public TimeSpan PortPatience { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>When an image that failed its rollout is first asked for again; doubled each time. Default 10 s.</summary>
    public TimeSpan ImageRetryFirst { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>At the most so long lies between two such questions. Default 5 min.</summary>
    public TimeSpan ImageRetryMost { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a service avoids a node where its port was taken. Default 60 s.</summary>
    public TimeSpan AvoidAfterFailure { get; init; } = TimeSpan.FromSeconds(60);
}
