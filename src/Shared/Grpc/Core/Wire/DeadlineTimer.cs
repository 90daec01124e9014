// SPDX-License-Identifier: Apache-2.0
namespace Grpc.Core.Wire;

/// <summary>Calls back once when a UTC instant has passed. Dispose it to call it off.</summary>
internal sealed class DeadlineTimer : IDisposable
{
    // Timers take at most about 49 days; a later deadline is armed again on the way.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(24);

    private readonly TimeProvider _clock;
    private readonly DateTime _deadline;
    private readonly Action _onPassed;
    private readonly ITimer _timer;

    public DeadlineTimer(TimeProvider clock, DateTime deadline, Action onPassed)
    {
        _clock = clock;
        _deadline = deadline;
        _onPassed = onPassed;
        _timer = clock.CreateTimer(
            static self => ((DeadlineTimer)self!).OnTick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Arm(Remaining);
    }

    private TimeSpan Remaining => _deadline - _clock.GetUtcNow().UtcDateTime;

    public void Dispose() => _timer.Dispose();

    private void OnTick()
    {
        // The timer's clock and the wall clock drift: a millisecond early is on time.
        var remaining = Remaining;
        if (remaining > TimeSpan.FromMilliseconds(1))
            Arm(remaining);
        else
            _onPassed();
    }

    private void Arm(TimeSpan remaining)
    {
        var wait = remaining < LongestWait ? remaining : LongestWait;
        _timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
