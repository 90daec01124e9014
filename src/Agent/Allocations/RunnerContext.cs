// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Docker;
using ClusterManager.Agent.Health;
using ClusterManager.Agent.Images;
using ClusterManager.Agent.Node;
using Microsoft.Extensions.Logging;

namespace ClusterManager.Agent.Allocations;

/// <summary>What all runners of a node share.</summary>
internal sealed record RunnerContext
{
    /// <summary>This node.</summary>
    public required NodeIdentity Node { get; init; }

    /// <summary>The engine.</summary>
    public required IContainerEngine Engine { get; init; }

    /// <summary>The clock.</summary>
    public required AgentClock Clock { get; init; }

    /// <summary>Where views are shown.</summary>
    public required StatusBoard Board { get; init; }

    /// <summary>The node's ports.</summary>
    public required PortBook Ports { get; init; }

    /// <summary>Bounds the pulls of the node.</summary>
    public required PullGate Pulls { get; init; }

    /// <summary>What registries want to see before they give an image. Default: nobody is there to ask.</summary>
    public PullCredentials Credentials { get; } = new();

    /// <summary>Which images this agent has brought.</summary>
    public ImageLedger Images { get; } = new();

    /// <summary>Bounds the pulls before rollouts, which so never stand in the way of a replica that is to start now.</summary>
    public PullGate PullsAhead { get; } = new(2);

    /// <summary>The network that containers join.</summary>
    public required ContainerNetwork Network { get; init; }

    /// <summary>Asks by HTTP and TCP.</summary>
    public required IProber Prober { get; init; }

    /// <summary>Callers' open connections to a container, by its process and its ports. By default none are seen.</summary>
    public Func<int, IReadOnlySet<int>, int> OpenConnections { get; init; } = static (_, _) => 0;

    /// <summary>For the runners' log.</summary>
    public required ILogger<AllocationRunner> Logger { get; init; }
}
