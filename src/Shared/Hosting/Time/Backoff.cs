// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Hosting.Time;

/// <summary>Waits that double up to a cap, with jitter computed from (id, attempt): the same in every replay. Pure.</summary>
public sealed record Backoff
{
    /// <summary>The wait before the second attempt, before jitter. Greater than zero; 200 ms unless set.</summary>
    public TimeSpan First { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>No wait is longer. At least <see cref="First"/>; 10 s unless set.</summary>
    public TimeSpan Cap { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How much of a wait jitter may take away: 0 (none) to 1; 0.5 unless set, so that callers spread over the second half.
    /// </summary>
    public double JitterRatio { get; init; } = 0.5;

    /// <summary>
    /// The wait after the failed attempt number <paramref name="attempt"/>: <c>min(Cap, First × 2^(attempt-1)) × (1 - JitterRatio × h)</c>
    /// with h in [0, 1) from (id, attempt). With First 1 s, Cap 10 s and no jitter: 1, 2, 4, 8, 10, 10 s.
    /// </summary>
    /// <param name="id">Who waits; different ids spread.</param>
    /// <param name="attempt">1 for the first failure.</param>
    /// <exception cref="ArgumentOutOfRangeException">The attempt is less than 1.</exception>
    public TimeSpan After(string id, int attempt)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(attempt, 1);
        // 2^62 ticks would overflow long before the exponent matters; the cap is reached far earlier.
        var factor = Math.Pow(2, Math.Min(attempt - 1, 40));
        var ticks = Math.Min(Cap.Ticks, First.Ticks * factor);
        return TimeSpan.FromTicks((long)(ticks * (1 - (JitterRatio * StableHash.UnitInterval(id, attempt)))));
    }
}
