// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Allocations;
using ClusterManager.Agent.Discovery;
using ClusterManager.Agent.Node;
using Microsoft.Extensions.Logging;

namespace ClusterManager.Agent.Session;

/// <summary>What every session of this agent shares.</summary>
internal sealed record SessionContext
{
    /// <summary>Node, engine, clock, board.</summary>
    public required RunnerContext Runners { get; init; }

    /// <summary>The assignment.</summary>
    public required AssignmentStore Store { get; init; }

    /// <summary>Is told of a new assignment.</summary>
    public required AllocationSupervisor Supervisor { get; init; }

    /// <summary>How the engine is.</summary>
    public required EngineWatch Engine { get; init; }

    /// <summary>What is registered.</summary>
    public required DiscoveryLoop Discovery { get; init; }

    /// <summary>Where the managers are.</summary>
    public required ManagerDirectory Directory { get; init; }

    /// <summary>For loggers.</summary>
    public required ILoggerFactory Loggers { get; init; }
}
