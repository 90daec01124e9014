// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text.Json.Serialization;
using ClusterManager.Agent.Allocations;
using ClusterManager.Model;

namespace ClusterManager.Agent.Node;

/// <summary>
/// What the disk remembers of one allocation, beside its assignment. Times are not in it: after a restart waits begin anew.
/// </summary>
internal sealed record StoredAllocation
{
    /// <summary>The allocation, <c>service-slot-generation</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The state; only ends are taken over, everything else is found out again.</summary>
    public required int State { get; init; }

    /// <summary>The attempt's number.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>Attempts after the first.</summary>
    public int Restarts { get; init; }

    /// <summary>Ends in a row without a stable run.</summary>
    public int EndsInARow { get; init; }

    /// <summary>No attempt follows.</summary>
    public bool IsFinished { get; init; }

    /// <summary>When the run that was last seen ended had started.</summary>
    public DateTimeOffset? EndedRun { get; init; }

    /// <summary>Of the last ended attempt.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Of the last ended attempt.</summary>
    public bool OutOfMemory { get; init; }

    /// <summary>Of the last failure; 0: none.</summary>
    public int ReasonCode { get; init; }

    /// <summary>Of the last failure.</summary>
    public string ReasonText { get; init; } = "";

    /// <summary>Ports as <c>target:published:protocol</c>.</summary>
    public ImmutableArray<StoredPort> Ports { get; init; } = [];

    /// <summary>What is worth remembering of these facts.</summary>
    public static StoredAllocation Of(AllocationFacts facts) => new()
    {
        Id = facts.Id.ToString(),
        State = (int)facts.State,
        Attempt = facts.History.Attempt,
        Restarts = facts.History.Restarts,
        EndsInARow = facts.History.EndsInARow,
        IsFinished = facts.IsFinished,
        EndedRun = facts.EndedRun,
        ExitCode = facts.ExitCode,
        OutOfMemory = facts.OutOfMemory,
        ReasonCode = (int)(facts.Reason?.Code ?? Model.ReasonCode.None),
        ReasonText = facts.Reason?.Text ?? "",
        Ports = [.. facts.HostPorts.Select(p => new StoredPort(p.Target, p.Published, (int)p.Protocol))],
    };

    /// <summary>The facts to begin with; null when the entry can not be read.</summary>
    public AllocationFacts? ToFacts()
    {
        if (!AllocationId.TryParse(Id, out var id)) return null;
        var state = (AllocationState)State;
        var isEnd = Enum.IsDefined(state) && AllocationTransitions.IsEnd(state);
        return new AllocationFacts
        {
            Id = id,
            State = isEnd ? state : AllocationState.Assigned,
            Action = !isEnd ? AllocationAction.Begin : IsFinished ? AllocationAction.None : AllocationAction.DecideRestart,
            IsFinished = isEnd && IsFinished,
            History = new AttemptHistory { Attempt = Math.Max(Attempt, 1), Restarts = Restarts, EndsInARow = EndsInARow },
            EndedRun = EndedRun,
            ExitCode = ExitCode,
            OutOfMemory = OutOfMemory,
            Reason = ReasonCode == 0 ? null : new Reason((ReasonCode)ReasonCode, ReasonText),
            HostPorts = [.. Ports.Select(p => new HostPort(p.Target, p.Published, (PortProtocol)p.Protocol))],
        };
    }
}

/// <summary>A port on disk.</summary>
/// <param name="Target">The container's.</param>
/// <param name="Published">The node's.</param>
/// <param name="Protocol">1: TCP, 2: UDP.</param>
internal sealed record StoredPort(int Target, int Published, int Protocol);

/// <summary>The file of all allocations.</summary>
/// <param name="Allocations">By id.</param>
internal sealed record StoredAllocations(ImmutableArray<StoredAllocation> Allocations);

/// <summary>Source-generated JSON of the agent's own files.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StoredAllocations))]
internal sealed partial class AgentJson : JsonSerializerContext;
