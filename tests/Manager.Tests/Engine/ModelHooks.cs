// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Tests.Engine;

/// <summary>How hooks behave on the model's agents, and what was begun of them.</summary>
public sealed class ModelHooks
{
    /// <summary>Nodes whose agents know no hooks.</summary>
    public SortedSet<NodeId> OldAgents { get; } = [];

    /// <summary>How long their process runs.</summary>
    public TimeSpan Takes { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How they end.</summary>
    public int ExitCode { get; set; }

    /// <summary>They can not be started.</summary>
    public Reason? Refused { get; set; }

    /// <summary>Every process that was begun.</summary>
    public List<AllocationId> Begun { get; } = [];

    /// <summary>What comes next of one, and when something comes after that.</summary>
    public (AllocationObservation Seen, DateTimeOffset? Due) Move(
        AllocationId id, AllocationObservation seen, bool isStopping, DateTimeOffset now)
    {
        if (isStopping && seen.HasEnded) return (seen, null);
        if (isStopping) return (seen with { State = AllocationState.Stopped, Finished = true, ChangedAt = now }, null);
        if (seen.State == AllocationState.Assigned)
        {
            if (Refused is not null)
                return (seen with { State = AllocationState.Rejected, Finished = true, Reason = Refused, ChangedAt = now }, null);
            Begun.Add(id);
            return (seen with { State = AllocationState.Running, ChangedAt = now }, now + Takes);
        }

        var end = ExitCode == 0 ? AllocationState.Completed : AllocationState.Failed;
        var reason = ExitCode == 0 ? null : new Reason(ReasonCode.Exited, $"exit code {ExitCode}");
        return (seen with { State = end, Finished = true, ExitCode = ExitCode, ChangedAt = now, Reason = reason }, null);
    }
}
