// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Manager.Engine;

/// <summary>
/// The wall time by which an engine decides: it runs with the monotonic clock, so that a clock that is set (by hand, by NTP, after a
/// machine's sleep) makes no deadline pass at once and none wait for hours. It follows the wall clock by 5 % of the time that
/// passes: five minutes are caught up in less than two hours. Never goes back. Thread-safe.
/// </summary>
internal sealed class SteadyClock(TimeProvider time)
{
    private const int SlewDivisor = 20;
    private readonly Lock _lock = new();
    private DateTimeOffset _now = time.GetUtcNow();
    private long _at = time.GetTimestamp();

    /// <summary>The time.</summary>
    public DateTimeOffset Now
    {
        get
        {
            lock (_lock)
            {
                var timestamp = time.GetTimestamp();
                var elapsed = time.GetElapsedTime(_at, timestamp);
                var slew = elapsed / SlewDivisor;
                var ahead = time.GetUtcNow() - (_now + elapsed);
                _at = timestamp;
                _now += elapsed + (ahead > slew ? slew : ahead < -slew ? -slew : ahead);
                return _now;
            }
        }
    }
}
