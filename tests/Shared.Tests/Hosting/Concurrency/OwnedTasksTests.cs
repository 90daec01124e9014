// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Concurrency;

namespace ClusterManager.Shared.Tests.Hosting.Concurrency;

public sealed class OwnedTasksTests
{
    [Fact]
    public async Task First_failure_stops_the_others_and_surfaces()
    {
        using var owner = new OwnedTasks(CancellationToken.None);
        var stopped = false;
        Assert.True(owner.TryStart(async token =>
        {
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            }
            finally
            {
                stopped = true;
            }
        }));
        Assert.True(owner.TryStart(async _ =>
        {
            await Task.Yield();
            throw new InvalidOperationException("first");
        }));

        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => owner.WhenEndedAsync().WaitAsync(TimeSpan.FromSeconds(20)));

        Assert.Equal("first", e.Message);
        Assert.True(stopped);
        Assert.Equal(0, owner.RunningCount);
        Assert.False(owner.TryStart(_ => Task.CompletedTask));
    }

    [Fact]
    public async Task Owner_ends_only_after_its_slowest_task()
    {
        using var owner = new OwnedTasks(CancellationToken.None);
        var gate = new TaskCompletionSource();
        owner.TryStart(_ => gate.Task);
        owner.Stop();
        var ended = owner.WhenEndedAsync();
        Assert.False(ended.IsCompleted);
        gate.SetResult();
        await ended.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Task_that_ends_by_itself_does_not_end_the_owner()
    {
        using var stop = new CancellationTokenSource();
        using var owner = new OwnedTasks(stop.Token);
        owner.TryStart(_ => Task.CompletedTask);
        Assert.False(owner.WhenEndedAsync().IsCompleted);
        Assert.True(owner.TryStart(token => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token)));
        stop.Cancel();
        await owner.WhenEndedAsync().WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Cancellation_of_a_foreign_token_is_a_failure()
    {
        using var owner = new OwnedTasks(CancellationToken.None);
        owner.TryStart(_ => Task.FromCanceled(new CancellationToken(true)));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => owner.WhenEndedAsync().WaitAsync(TimeSpan.FromSeconds(20)));
    }
}
