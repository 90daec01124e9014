// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Simulation.Core;

/// <summary>The clocks of one process: one monotonic time for all, a wall clock that may be off.</summary>
internal sealed class VirtualTime(Timeline timeline, SimulatedProcess process, Func<TimeSpan> wallSkew) : TimeProvider
{
    /// <summary>When every run begins.</summary>
    public static readonly DateTimeOffset Epoch = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override long GetTimestamp() => timeline.Now.Ticks + TimeSpan.TicksPerDay; // never 0: programs take 0 for "never"

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => Epoch + timeline.Now + wallSkew();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(timeline, process, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(Timeline timeline, SimulatedProcess process, TimerCallback callback, object? state) : ITimer
    {
        private int _setting;
        private TimeSpan _period;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _setting++;
            _period = period;
            if (dueTime != Timeout.InfiniteTimeSpan) Arm(dueTime);
            return true;
        }

        public void Dispose() => _setting++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Arm(TimeSpan dueTime)
        {
            var setting = _setting;
            timeline.After(dueTime, () =>
            {
                if (setting == _setting && process.IsAlive) process.Run(() => Fire(setting));
            });
        }

        private void Fire(int setting)
        {
            if (setting != _setting) return;
            if (_period > TimeSpan.Zero) Arm(_period);
            callback(state);
        }
    }
}
