// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Manager.Tests.Support;

/// <summary>
/// A clock that the test moves, timers included. The work that a timer sets off runs on the pool: see <see cref="AdvanceUntilAsync"/>.
/// </summary>
internal sealed class VirtualTime : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly Lock _lock = new();
    private readonly List<VirtualTimer> _timers = [];
    private TimeSpan _elapsed;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Time since the clock was made.</summary>
    public TimeSpan Elapsed
    {
        get
        {
            lock (_lock) return _elapsed;
        }
    }

    public override DateTimeOffset GetUtcNow() => Start + Elapsed;

    public override long GetTimestamp() => Elapsed.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, () => callback(state), period);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock and fires what is due.</summary>
    public void Advance(TimeSpan by)
    {
        List<VirtualTimer> due;
        lock (_lock)
        {
            _elapsed += by;
            due = [.. _timers.Where(timer => timer.Due <= _elapsed).OrderBy(timer => timer.Due)];
            foreach (var timer in due) _timers.Remove(timer);
        }

        foreach (var timer in due) timer.Fire();
    }

    /// <summary>Moves the clock in small steps until the condition holds; between steps the pool gets its turn.</summary>
    public async Task AdvanceUntilAsync(string what, Func<bool> condition, TimeSpan limit)
    {
        var end = Elapsed + limit;
        while (!condition())
        {
            Assert.True(Elapsed < end, $"not within {limit}: {what}");
            await SettleAsync(condition);
            if (!condition()) Advance(TimeSpan.FromMilliseconds(50));
        }
    }

    // What the last step set off has a moment of real time to get on.
    private static async Task SettleAsync(Func<bool> condition)
    {
        for (var i = 0; i < 3 && !condition(); i++) await Task.Delay(1, CancellationToken.None);
    }

    private sealed class VirtualTimer(VirtualTime time, Action callback, TimeSpan period) : ITimer
    {
        public TimeSpan Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan every)
        {
            lock (time._lock)
            {
                time._timers.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                Due = time._elapsed + dueTime;
                time._timers.Add(this);
            }

            return true;
        }

        public void Fire()
        {
            if (period > TimeSpan.Zero) Change(period, period);
            callback();
        }

        public void Dispose()
        {
            lock (time._lock) time._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
