// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Hosting.Time;

/// <summary>A moment on the monotonic clock by which something must be done; passed down so that nested calls share one limit.</summary>
public readonly struct Deadline
{
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly TimeSpan _limit;

    /// <summary>A deadline <paramref name="limit"/> from now.</summary>
    public Deadline(TimeProvider time, TimeSpan limit)
    {
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        _start = time.GetTimestamp();
        _limit = limit;
    }

    /// <summary>What is left; zero when it has passed, never negative.</summary>
    public TimeSpan Remaining
    {
        get
        {
            var left = _limit - _time.GetElapsedTime(_start);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>True from the moment on when nothing is left.</summary>
    public bool HasPassed => Remaining == TimeSpan.Zero;

    /// <summary>A source whose token ends at the deadline. Dispose it. Link the caller's token to it where needed.</summary>
    public CancellationTokenSource ToCancellationSource() => new(Remaining, _time);
}
