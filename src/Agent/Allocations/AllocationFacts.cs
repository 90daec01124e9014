// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Agent.Health;
using ClusterManager.Model;

namespace ClusterManager.Agent.Allocations;

/// <summary>All that the agent knows of one allocation. Immutable; written by its runner only.</summary>
internal sealed record AllocationFacts
{
    /// <summary>Which allocation.</summary>
    public required AllocationId Id { get; init; }

    /// <summary>How far the attempt is.</summary>
    public AllocationState State { get; init; } = AllocationState.Assigned;

    /// <summary>What is to be done in this state.</summary>
    public AllocationAction Action { get; init; } = AllocationAction.Begin;

    /// <summary>What the health check says.</summary>
    public HealthState Health { get; init; } = HealthState.Unknown;

    /// <summary>Attempts so far.</summary>
    public AttemptHistory History { get; init; } = AttemptHistory.None;

    /// <summary>The container was looked for since the engine's last return.</summary>
    public bool IsLocated { get; init; }

    /// <summary>The container; empty: none.</summary>
    public string ContainerId { get; init; } = "";

    /// <summary>The container's process runs, as far as known.</summary>
    public bool IsRunning { get; init; }

    /// <summary>Its process was seen running by this agent process: nothing can have replaced it unnoticed before.</summary>
    public bool HasRunHere { get; init; }

    /// <summary>The container's first process, as the engine's host sees it; 0: none.</summary>
    public int ProcessId { get; init; }

    /// <summary>The container can not be used for another attempt.</summary>
    public bool NeedsNewContainer { get; init; }

    /// <summary>The second container that was removed last; empty: none.</summary>
    public string RemovedDuplicate { get; init; } = "";

    /// <summary>When the run that was last seen ended had started, by the engine's clock: tells an old end from a new one.</summary>
    public DateTimeOffset? EndedRun { get; init; }

    /// <summary>The container's image; empty: not known.</summary>
    public string ImageId { get; init; } = "";

    /// <summary>The container's address in its network; empty: none.</summary>
    public string ContainerAddress { get; init; } = "";

    /// <summary>Ports of the node that lead to it; kept over attempts.</summary>
    public ImmutableArray<HostPort> HostPorts { get; init; } = [];

    /// <summary>Of the last failure; null: none, or it is well again.</summary>
    public Reason? Reason { get; init; }

    /// <summary>Of the last ended attempt.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The last ended attempt ran out of memory.</summary>
    public bool OutOfMemory { get; init; }

    /// <summary>When state or health last changed, by the agent's clock.</summary>
    public TimeSpan ChangedAt { get; init; }

    /// <summary>When the running process started, by the agent's clock.</summary>
    public TimeSpan StartedAt { get; init; }

    /// <summary>When the next attempt begins; null: none waits.</summary>
    public TimeSpan? NextAttemptAt { get; init; }

    /// <summary>How the attempt ended that <see cref="RestartDecision"/> is to judge; null: nothing to judge.</summary>
    public AttemptEnd? LastEnd { get; init; }

    /// <summary>What our own probes found; null: the engine judges, or nobody.</summary>
    public HealthProgress? Probes { get; init; }

    /// <summary>The engine's failed checks in a row.</summary>
    public int EngineProbesFailed { get; init; }

    /// <summary>What the last probe said.</summary>
    public string ProbeOutput { get; init; } = "";

    /// <summary>Since when it is unhealthy; null: it is not.</summary>
    public TimeSpan? UnhealthySince { get; init; }

    /// <summary>When it was told to stop.</summary>
    public TimeSpan? StopBegan { get; init; }

    /// <summary>It was in discovery when it was told to stop, so callers may still know it.</summary>
    public bool WasInDiscovery { get; init; }

    /// <summary>When it was out of discovery, or was no longer waited for to be.</summary>
    public TimeSpan? LeftDiscoveryAt { get; init; }

    /// <summary>It was not seen to leave discovery in the time that is given to it.</summary>
    public bool MayStillBeKnown { get; init; }

    /// <summary>Callers' connections that were open when they were last counted, on the way to a stop.</summary>
    public int OpenConnections { get; init; }

    /// <summary>When they were counted; null: not yet.</summary>
    public TimeSpan? CountedAt { get; init; }

    /// <summary>No attempt will follow.</summary>
    public bool IsFinished { get; init; }

    /// <summary>Running and, where there is a check, healthy.</summary>
    public bool IsAvailable => State == AllocationState.Running && (Health is HealthState.None or HealthState.Healthy);

    /// <summary>The facts after an input: state and action by the table, the moment of the change.</summary>
    public AllocationFacts Move(AllocationInput input, TimeSpan now)
    {
        var (state, action) = AllocationTransitions.Apply(State, input);
        return this with { State = state, Action = action, ChangedAt = state == State ? ChangedAt : now };
    }
}
