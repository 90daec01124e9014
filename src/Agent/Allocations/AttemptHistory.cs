// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace ClusterManager.Agent.Allocations;

/// <summary>What is remembered of an allocation's attempts. Immutable; kept on the agent's disk but for the times.</summary>
internal sealed record AttemptHistory
{
    // What a policy may count within its window; beyond it the oldest are forgotten.
    private const int RestartTimesMax = 1000;

    /// <summary>Nothing has happened yet.</summary>
    public static AttemptHistory None { get; } = new();

    /// <summary>The running or last attempt's number, from 1.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>Attempts after the first, over the allocation's life.</summary>
    public int Restarts { get; init; }

    /// <summary>Ends in a row without a run that was long enough to be called stable.</summary>
    public int EndsInARow { get; init; }

    /// <summary>When restarts began, oldest first, by the agent's monotonic clock. Lost when the agent restarts.</summary>
    public ImmutableArray<TimeSpan> RestartTimes { get; init; } = [];

    /// <summary>The history with one more end.</summary>
    public AttemptHistory AfterEnd(AttemptEnd end) =>
        this with { EndsInARow = end.RanFor >= RestartDecision.StableAfter ? 1 : EndsInARow + 1 };

    /// <summary>The history with one more restart, which begins now.</summary>
    public AttemptHistory AfterRestart(TimeSpan now)
    {
        var times = RestartTimes.Length < RestartTimesMax ? RestartTimes : RestartTimes.RemoveAt(0);
        return this with { Attempt = Attempt + 1, Restarts = Restarts + 1, RestartTimes = times.Add(now) };
    }
}
