// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Allocations;
using ClusterManager.Agent.Discovery;
using ClusterManager.Agent.Images;
using ClusterManager.Agent.Inspection;
using ClusterManager.Agent.Inspection.Drift;
using ClusterManager.Agent.Node;
using ClusterManager.Agent.Telemetry;
using ClusterManager.Hosting.Concurrency;
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

    /// <summary>What this machine is. Default: what the engine says of it, and before it has answered, what the runtime says.</summary>
    public Func<NodeIdentity, EngineStatus, NodeDescription> Describe { get; init; } = NodeDescription.Of;

    /// <summary>What is registered.</summary>
    public required DiscoveryLoop Discovery { get; init; }

    /// <summary>Where the managers are.</summary>
    public required ManagerDirectory Directory { get; init; }

    /// <summary>What is reported of this agent's work; null: nothing.</summary>
    public AgentTelemetry? Telemetry { get; init; }

    /// <summary>Answers <c>cluster doctor</c>; null: it is not answered.</summary>
    public IInspector? Inspector { get; init; }

    /// <summary>Answers <c>cluster drift</c>; null: it is not answered.</summary>
    public IDriftInspector? Drift { get; init; }

    /// <summary>Is told which leader to ask what the cluster keeps.</summary>
    public KeepSource Keeps { get; } = new();

    /// <summary>The engine's disk; null: not known.</summary>
    public LatestValue<DiskReport?> Disk { get; init; } = new(null);

    /// <summary>The address of the manager with which the newest session was established; empty before the first.</summary>
    public LatestValue<string> Manager { get; } = new("");

    /// <summary>For loggers.</summary>
    public required ILoggerFactory Loggers { get; init; }
}
