// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Concurrency;

namespace ClusterManager.Shared.Tests.Hosting.Concurrency;

public sealed class LatestValueTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task New_subscriber_gets_the_current_value_at_once_and_then_waits()
    {
        var latest = new LatestValue<string>("a");
        var subscription = latest.Subscribe();
        Assert.Equal("a", await subscription.NextAsync(None));
        Assert.False(subscription.TryNext(out _));

        var waiting = subscription.NextAsync(None).AsTask();
        Assert.False(waiting.IsCompleted);
        latest.Publish("b");
        Assert.Equal("b", await waiting);
    }

    [Fact]
    public void Slow_subscriber_skips_to_the_newest()
    {
        var latest = new LatestValue<int>(0);
        var slow = latest.Subscribe();
        for (var i = 1; i <= 1000; i++) latest.Publish(i);
        Assert.True(slow.TryNext(out var value));
        Assert.Equal(1000, value);
        Assert.False(slow.TryNext(out _));
    }

    [Fact]
    public async Task Equal_value_published_again_is_news()
    {
        var latest = new LatestValue<int>(1);
        var subscription = latest.Subscribe();
        await subscription.NextAsync(None);
        latest.Publish(1);
        Assert.True(subscription.TryNext(out _));
    }

    [Fact]
    public async Task Cancelled_wait_ends_and_loses_nothing()
    {
        var latest = new LatestValue<int>(1);
        var subscription = latest.Subscribe();
        await subscription.NextAsync(None);
        using var stop = new CancellationTokenSource();
        var waiting = subscription.NextAsync(stop.Token).AsTask();
        stop.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        latest.Publish(2);
        Assert.Equal(2, await subscription.NextAsync(None));
    }

    [Fact]
    public async Task Concurrent_publishers_leave_every_subscriber_with_the_last_value()
    {
        var latest = new LatestValue<int>(0);
        var readers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var subscription = latest.Subscribe();
            var previous = -1;
            while (true)
            {
                var value = await subscription.NextAsync(None);
                Assert.True(value > previous);
                previous = value;
                if (value == 5000) return;
            }
        })).ToArray();
        for (var i = 1; i <= 5000; i++) latest.Publish(i);
        await Task.WhenAll(readers).WaitAsync(TimeSpan.FromSeconds(20));
    }
}
