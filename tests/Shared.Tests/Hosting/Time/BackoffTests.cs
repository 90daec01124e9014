// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Time;

namespace ClusterManager.Shared.Tests.Hosting.Time;

public sealed class BackoffTests
{
    [Fact]
    public void Waits_double_up_to_the_cap()
    {
        var backoff = new Backoff { First = TimeSpan.FromSeconds(1), Cap = TimeSpan.FromSeconds(10), JitterRatio = 0 };
        Assert.Equal([1, 2, 4, 8, 10, 10], Enumerable.Range(1, 6).Select(a => backoff.After("x", a).TotalSeconds));
        Assert.Equal(10, backoff.After("x", int.MaxValue).TotalSeconds);
        Assert.Throws<ArgumentOutOfRangeException>(() => backoff.After("x", 0));
    }

    [Fact]
    public void Jitter_spreads_ids_and_is_the_same_in_every_process()
    {
        var backoff = new Backoff { First = TimeSpan.FromSeconds(1), Cap = TimeSpan.FromSeconds(10) };
        var waits = Enumerable.Range(0, 500).Select(i => backoff.After($"node-{i}", 3).TotalSeconds).ToList();
        Assert.All(waits, w => Assert.InRange(w, 2.0, 4.0));
        Assert.InRange(waits.Average(), 2.9, 3.1);
        // A fixed value: a change of the hash would change every replay.
        Assert.Equal(0.674818558710, StableHash.UnitInterval("node-1", 1), 12);
    }

    [Fact]
    public void Deadline_counts_down_and_stays_at_zero()
    {
        var time = new ManualTime(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var deadline = new Deadline(time, TimeSpan.FromSeconds(5));
        time.Now = time.Now.AddSeconds(3);
        Assert.Equal(TimeSpan.FromSeconds(2), deadline.Remaining);
        Assert.False(deadline.HasPassed);
        time.Now = time.Now.AddSeconds(3);
        Assert.Equal(TimeSpan.Zero, deadline.Remaining);
        Assert.True(deadline.HasPassed);
    }
}
