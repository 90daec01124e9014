// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Manager.Leadership;

/// <summary>
/// Knows how long ago the leader last proved that the lock is its own, counted from when the proving call was sent. A leader acts only
/// while that is younger than <see cref="FreshFor"/>: less than the 2 s after which Consul may give the lock away. Thread-safe.
/// </summary>
internal sealed class Fence(TimeProvider time)
{
    /// <summary>How long a proof counts.</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromMilliseconds(1500);

    private long _provenAt = long.MinValue;

    /// <summary>Call before the proving call is sent.</summary>
    public long Start() => time.GetTimestamp();

    /// <summary>The call that was sent at <paramref name="started"/> succeeded.</summary>
    public void Prove(long started)
    {
        var known = Volatile.Read(ref _provenAt);
        if (started > known) Interlocked.CompareExchange(ref _provenAt, started, known);
    }

    /// <summary>The leader may act.</summary>
#if MUTANTS
    public bool IsFresh => Age < FreshFor || (MutantSwitch.Is(Mutant.StaleFence) && Age is not null);
#else
    public bool IsFresh => Age < FreshFor;
#endif

    /// <summary>Time since the newest proof; null: there was none.</summary>
    public TimeSpan? Age
    {
        get
        {
            var proven = Volatile.Read(ref _provenAt);
            return proven == long.MinValue ? null : time.GetElapsedTime(proven);
        }
    }
}
