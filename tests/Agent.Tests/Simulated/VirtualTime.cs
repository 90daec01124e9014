// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Tests.Simulated;

/// <summary>Time that moves only when told. Timers fire in the order of their moments, then of their making.</summary>
internal sealed class VirtualTime : TimeProvider
{
    private static readonly DateTimeOffset Origin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly Lock _lock = new();
    private readonly SortedDictionary<(TimeSpan At, long Number), VirtualTimer> _timers = [];
    private TimeSpan _now;
    private long _number;

    public TimeSpan Now
    {
        get
        {
            lock (_lock) return _now;
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Now.Ticks;

    public override DateTimeOffset GetUtcNow() => Origin + Now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>When the next timer fires; null: none waits.</summary>
    public TimeSpan? NextAt
    {
        get
        {
            lock (_lock) return _timers.Count == 0 ? null : _timers.First().Key.At;
        }
    }

    /// <summary>Moves to the next timer, not beyond the limit, and fires it.</summary>
    /// <returns>False when none fires by then; the time is then the limit.</returns>
    public bool FireNext(TimeSpan limit)
    {
        VirtualTimer due;
        lock (_lock)
        {
            if (_timers.Count == 0 || _timers.First().Key.At > limit)
            {
                if (limit > _now) _now = limit;
                return false;
            }
            (var key, due) = _timers.First();
            _timers.Remove(key);
            if (key.At > _now) _now = key.At;
            due.Key = null;
        }
        due.Fire();
        return true;
    }

    private sealed class VirtualTimer(VirtualTime time, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period = Timeout.InfiniteTimeSpan;

        public (TimeSpan, long)? Key { get; set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._lock)
            {
                if (Key is { } old) time._timers.Remove(old);
                Key = null;
                _period = period;
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                var key = (time._now + dueTime, ++time._number);
                Key = key;
                time._timers.Add(key, this);
                return true;
            }
        }

        public void Fire()
        {
            if (_period > TimeSpan.Zero) Change(_period, _period);
            callback(state);
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
