// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;

namespace ClusterManager.Manager.Tests.EngineLoop;

/// <summary>The engine's clock when somebody sets the machine's.</summary>
public sealed class SteadyClockTests
{
    private static readonly TimeSpan Five = TimeSpan.FromMinutes(5);
    private readonly SetClock _time = new();

    [Fact]
    public void It_runs_with_the_machines_clock()
    {
        var clock = new SteadyClock(_time);
        _time.Pass(TimeSpan.FromHours(1));
        Assert.Equal(_time.GetUtcNow(), clock.Now);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(-5)]
    public void A_clock_that_is_set_makes_no_deadline_pass_and_none_wait(int minutes)
    {
        var clock = new SteadyClock(_time);
        var before = clock.Now;
        _time.Set(TimeSpan.FromMinutes(minutes));
        Assert.Equal(before, clock.Now);
        _time.Pass(TimeSpan.FromSeconds(30));
        Assert.InRange(clock.Now - before, TimeSpan.FromSeconds(28.5), TimeSpan.FromSeconds(31.5));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(-5)]
    public void It_catches_up_within_two_hours_and_never_goes_back(int minutes)
    {
        var clock = new SteadyClock(_time);
        _time.Set(TimeSpan.FromMinutes(minutes));
        var last = clock.Now;
        for (var passed = TimeSpan.Zero; passed < TimeSpan.FromHours(2); passed += Five)
        {
            _time.Pass(Five);
            Assert.True(clock.Now > last);
            last = clock.Now;
        }

        Assert.Equal(_time.GetUtcNow(), last);
    }

    private sealed class SetClock : TimeProvider
    {
        private TimeSpan _passed;
        private TimeSpan _off;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Pass(TimeSpan time) => _passed += time;

        public void Set(TimeSpan off) => _off = off;

        public override long GetTimestamp() => _passed.Ticks;

        public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) + _passed + _off;
    }
}
