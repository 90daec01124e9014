// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Time;
using ClusterManager.Model;

namespace ClusterManager.Agent.Allocations;

/// <summary>
/// Restart now, at a time, or never. Pure and without a memory of its own.
/// The first restart is immediate; the n-th after it waits Delay × 2^(n−1), at most a minute (five for images), ±10 % by a hash of
/// allocation
/// and attempt. With a delay of 1 s: 0, 1, 2, 4, 8, 16, 32, 60, 60 … seconds. A run of a minute begins the sequence again.
/// </summary>
internal static class RestartDecision
{
    /// <summary>A run of this length forgives what was before it.</summary>
    public static readonly TimeSpan StableAfter = TimeSpan.FromSeconds(60);

    /// <summary>The longest wait after a process that ended.</summary>
    public static readonly TimeSpan DelayMax = TimeSpan.FromSeconds(60);

    /// <summary>The longest wait after an image that could not be had.</summary>
    public static readonly TimeSpan ImageDelayMax = TimeSpan.FromMinutes(5);

    // A policy may ask for no delay; a loop that spins helps nobody.
    private static readonly TimeSpan DelayMin = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ImageDelayMin = TimeSpan.FromSeconds(1);

    /// <summary>Decides after an end.</summary>
    /// <param name="policy">The service's.</param>
    /// <param name="history">Of this allocation, the end included (<see cref="AttemptHistory.AfterEnd"/>).</param>
    /// <param name="end">How the attempt ended.</param>
    /// <param name="id">Seed of the jitter.</param>
    /// <param name="now">The agent's monotonic clock.</param>
    public static RestartVerdict Decide(RestartPolicy policy, AttemptHistory history, AttemptEnd end, AllocationId id, TimeSpan now)
    {
        if (policy.Condition == RestartCondition.None) return new RestartVerdict.Never();
        if (policy.Condition == RestartCondition.OnFailure && end.IsSuccess) return new RestartVerdict.Never();
        if (policy.MaxAttempts is { } max && Counted(policy, history, now) >= max) return new RestartVerdict.Never();
        var delay = Delay(policy, history, end.Kind, id);
        return delay == TimeSpan.Zero ? new RestartVerdict.Now() : new RestartVerdict.At(now + delay);
    }

    private static int Counted(RestartPolicy policy, AttemptHistory history, TimeSpan now)
    {
        if (policy.Window == TimeSpan.Zero) return history.Restarts;
        var count = 0;
        foreach (var time in history.RestartTimes)
        {
            if (now - time < policy.Window) count++;
        }
        return count;
    }

    private static TimeSpan Delay(RestartPolicy policy, AttemptHistory history, AttemptEndKind kind, AllocationId id)
    {
#if MUTANTS
        if (MutantSwitch.Is(Mutant.ForgetBackoff)) return TimeSpan.Zero;
#endif
        var isImage = kind == AttemptEndKind.Image;
        // Ends without a wait: for a process the first one; an image that failed a moment ago will fail again.
        var waits = isImage ? history.EndsInARow : history.EndsInARow - 1;
        if (waits <= 0) return TimeSpan.Zero;
        var first = Larger(policy.Delay, isImage ? ImageDelayMin : DelayMin);
        var cap = Larger(policy.Delay, isImage ? ImageDelayMax : DelayMax);
        // 2^16 times the smallest delay is beyond every cap; without the bound the power would overflow.
        var grown = first.TotalMilliseconds * Math.Pow(2, Math.Min(waits - 1, 16));
        var jitter = 0.9 + (0.2 * StableHash.UnitInterval(id.ToString(), history.Attempt));
        return TimeSpan.FromMilliseconds(Math.Min(grown * jitter, cap.TotalMilliseconds));
    }

    private static TimeSpan Larger(TimeSpan left, TimeSpan right) => left > right ? left : right;
}
