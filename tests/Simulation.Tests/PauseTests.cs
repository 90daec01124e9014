// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Time;
using ClusterManager.Simulation.Core;

namespace ClusterManager.Simulation.Tests;

/// <summary>What the loops wait with stays on their own scheduler.</summary>
public sealed class PauseTests
{
    private readonly Timeline _timeline = new();
    private readonly SimulatedProcess _process;

    public PauseTests() =>
        _process = new SimulatedProcess(_timeline, static () => TimeSpan.Zero, static error => Assert.Fail(error.ToString()));

    [Fact]
    public void A_cancelled_pause_beside_another_task_ends_the_wait_at_once_and_on_the_scheduler()
    {
        using var stop = new CancellationTokenSource();
        var waited = Tell(async () =>
        {
            var never = new TaskCompletionSource();
            await Task.WhenAny(never.Task, Pause.ForAsync(TimeSpan.FromHours(1), _process.Time, stop.Token));
            return true;
        });
        Assert.False(waited.IsCompleted);
        _timeline.After(TimeSpan.Zero, () => _process.Run(stop.Cancel));
        _timeline.RunUntil(_timeline.Now);
        Assert.True(waited.IsCompletedSuccessfully);
        Assert.Equal(0, _timeline.ForeignPosts);
    }

    [Theory]
    [InlineData(0.4, 1)]
    [InlineData(1, 1)]
    [InlineData(499.6, 500)]
    public async Task A_pause_is_never_shorter_than_asked(double milliseconds, double expected)
    {
        var waited = Tell(async () =>
        {
            await Pause.ForAsync(TimeSpan.FromMilliseconds(milliseconds), _process.Time, CancellationToken.None);
            return _timeline.Now;
        });
        _timeline.RunUntil(TimeSpan.FromSeconds(1));
        Assert.True(waited.IsCompletedSuccessfully);
        Assert.Equal(TimeSpan.FromMilliseconds(expected), await waited);
    }

    private Task<T> Tell<T>(Func<Task<T>> story)
    {
        Task<T>? told = null;
        _timeline.After(TimeSpan.Zero, () => _process.Run(() => told = story()));
        _timeline.RunUntil(_timeline.Now);
        return told!;
    }
}
