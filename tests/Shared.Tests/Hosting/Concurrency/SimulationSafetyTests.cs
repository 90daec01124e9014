// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Concurrency;

namespace ClusterManager.Shared.Tests.Hosting.Concurrency;

/// <summary>What loops are built of must stay on the caller's scheduler, or no seed replays. The tokens can be cancelled, as real ones
/// can: for one that cannot, the base library takes a shorter path.</summary>
public sealed class SimulationSafetyTests
{
    [Fact]
    public void Mailbox_stays_on_the_scheduler()
    {
        var mailbox = new Mailbox<int>(2);
        var received = new List<int>();
        using var never = new CancellationTokenSource();
        AssertStays(() => Task.WhenAll(ReadAsync(), PostAsync()));
        Assert.Equal(Enumerable.Range(0, 100), received);

        async Task ReadAsync()
        {
            while (await mailbox.WaitToReadAsync(never.Token)) mailbox.TryReadBatch(received, 10);
        }

        async Task PostAsync()
        {
            for (var i = 0; i < 100; i++) Assert.True(await mailbox.PostAsync(i, never.Token));
            mailbox.Close();
        }
    }

    [Fact]
    public void Latest_value_stays_on_the_scheduler_and_wakes_in_order()
    {
        var latest = new LatestValue<int>(0);
        var woken = new List<string>();
        using var never = new CancellationTokenSource();
        AssertStays(async () =>
        {
            var watchers = Enumerable.Range(0, 5).Select(i => WatchAsync($"w{i}")).ToList();
            for (var i = 1; i <= 20; i++)
            {
                latest.Publish(i);
                await Task.Yield();
            }
            await Task.WhenAll(watchers);
        });
        Assert.Equal(["w0", "w1", "w2", "w3", "w4"], woken);

        async Task WatchAsync(string name)
        {
            var subscription = latest.Subscribe();
            while (await subscription.NextAsync(never.Token) < 20)
            {
            }
            woken.Add(name);
        }
    }

    [Fact]
    public void Cancelled_waits_and_owned_tasks_stay_on_the_scheduler() => AssertStays(async () =>
    {
        using var stop = new CancellationTokenSource();
        using var owner = new OwnedTasks(stop.Token);
        var subscription = new LatestValue<int>(0).Subscribe();
        var mailbox = new Mailbox<int>(1);
        owner.TryStart(async token =>
        {
            while (true) await subscription.NextAsync(token);
        });
        owner.TryStart(async token => await mailbox.WaitToReadAsync(token));
        await Task.Yield();
        stop.Cancel();
        await owner.WhenEndedAsync();
    });

    private static void AssertStays(Func<Task> main)
    {
        var scheduler = new OneThreadScheduler();
        Assert.True(scheduler.Run(main), "Something waits for a thread that is not the scheduler's.");
        Assert.Equal(0, scheduler.ForeignCount);
    }
}
