// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Consul;

/// <summary>What Consul's autopilot says of the servers.</summary>
public sealed record AutopilotHealth
{
    /// <summary>All servers are healthy.</summary>
    public bool Healthy { get; init; }

    /// <summary>How many voters may fail before the quorum is lost.</summary>
    public int FailureTolerance { get; init; }

    /// <summary>The servers.</summary>
    public IReadOnlyList<AutopilotServer> Servers { get; init => field = value ?? []; } = [];
}

/// <summary>One server as the autopilot sees it.</summary>
public sealed record AutopilotServer
{
    /// <summary>Its node's name.</summary>
    public string Name { get; init; } = "";

    /// <summary>What gossip says of it: alive, left or failed.</summary>
    public string SerfStatus { get; init; } = "";

    /// <summary>Alive, and its log keeps up.</summary>
    public bool Healthy { get; init; }
}
