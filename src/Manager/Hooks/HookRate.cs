// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Manager.Hooks;

/// <summary>How many messages are taken: a bucket of so many, filled at so many a second. Thread-safe.</summary>
internal sealed class HookRate(TimeProvider time)
{
    /// <summary>As many at once.</summary>
    public const int Burst = 60;

    private const double PerSecond = 10;
    private readonly Lock _lock = new();
    private double _left = Burst;
    private long _at = time.GetTimestamp();

    /// <summary>Takes one, if there is one.</summary>
    public bool TryTake()
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            _left = Math.Min(Burst, _left + (time.GetElapsedTime(_at, now).TotalSeconds * PerSecond));
            _at = now;
            if (_left < 1) return false;
            _left--;
            return true;
        }
    }
}
