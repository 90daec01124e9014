// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Model;

namespace ClusterManager.Manager.State;

/// <summary>What the agent last reported of an allocation. Never stored.</summary>
public sealed record AllocationObservation
{
    /// <summary>How far the current attempt is.</summary>
    public required AllocationState State { get; init; }

    /// <summary>What the health check says.</summary>
    public required HealthState Health { get; init; }

    /// <summary>From 1.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>Attempts after the first.</summary>
    public int Restarts { get; init; }

    /// <summary>Empty: none.</summary>
    public string ContainerId { get; init; } = "";

    /// <summary>The engine's id of the container's image; empty: not known.</summary>
    public string ImageId { get; init; } = "";

    /// <summary>Ports of the node that lead to it.</summary>
    public ImmutableArray<HostPort> HostPorts { get; init; } = [];

    /// <summary>The last failure; null: none.</summary>
    public Reason? Reason { get; init; }

    /// <summary>Of the last ended attempt; null: none ended.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The last ended attempt ran out of memory.</summary>
    public bool OutOfMemory { get; init; }

    /// <summary>By the leader's clock, when state or health last changed.</summary>
    public required DateTimeOffset ChangedAt { get; init; }

    /// <summary>When the next attempt begins, by the leader's clock; null: none waits.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>Passed probes in a row.</summary>
    public int ProbesPassed { get; init; }

    /// <summary>Failed probes in a row.</summary>
    public int ProbesFailed { get; init; }

    /// <summary>What the last probe said, at most 512 characters.</summary>
    public string LastProbeOutput { get; init; } = "";

    /// <summary>Its Consul entry is passing, and by the service's own name.</summary>
    public bool Registered { get; init; }

    /// <summary>The agent will start no further attempt.</summary>
    public bool Finished { get; init; }

    /// <summary>The agent has seen its end and starts no further attempt.</summary>
    public bool HasEnded => Finished && State is >= AllocationState.Completed and < AllocationState.Lost;

    /// <summary>Running and, where there is a health check, healthy.</summary>
    public bool IsAvailable => State == AllocationState.Running && (Health is HealthState.None or HealthState.Healthy);
}
