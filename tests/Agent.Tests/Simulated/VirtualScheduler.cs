// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;

namespace ClusterManager.Agent.Tests.Simulated;

/// <summary>Runs everything on the test's own thread, in the order of its arrival; time moves when nothing is left to run.</summary>
internal sealed class VirtualScheduler : TaskScheduler, IDisposable
{
    // A step is a continuation: more of them at one moment means that a loop spins.
    private const int StepsMax = 200_000;
    private readonly BlockingCollection<Task> _queue = [];
    private readonly List<Task> _started = [];

    public VirtualTime Time { get; } = new();

    /// <summary>Starts a loop; a failure of it fails the next wait.</summary>
    public void Start(Func<Task> loop) =>
        _started.Add(Task.Factory.StartNew(loop, CancellationToken.None, TaskCreationOptions.None, this).Unwrap());

    /// <summary>Runs what is ready, at this moment.</summary>
    public void Settle()
    {
        // The test runner's own context would take every continuation away from this scheduler.
        SynchronizationContext.SetSynchronizationContext(null);
        for (var steps = 0; _queue.TryTake(out var task); steps++)
        {
            Assert.True(steps < StepsMax, "a loop spins without letting time pass");
            TryExecuteTask(task);
        }
        foreach (var failed in _started.Where(t => t.IsFaulted)) failed.GetAwaiter().GetResult();
    }

    /// <summary>Lets time pass.</summary>
    public void Advance(TimeSpan duration)
    {
        var limit = Time.Now + duration;
        Settle();
        while (Time.FireNext(limit)) Settle();
    }

    /// <summary>Lets time pass until the condition holds.</summary>
    /// <param name="condition">Asked whenever nothing is left to run.</param>
    /// <param name="limit">The longest virtual time to wait.</param>
    /// <param name="because">What is waited for.</param>
    public void Until(Func<bool> condition, TimeSpan limit, string because)
    {
        var end = Time.Now + limit;
        Settle();
        while (!condition())
        {
            if (_queue.Count > 0)
            {
                Settle();
                continue;
            }
            Assert.True(Time.FireNext(end), $"not within {limit}: {because}");
            Settle();
        }
    }

    /// <summary>As <see cref="Until"/> where real files are read and written: their answers come from outside, in real time.</summary>
    public void UntilWithFiles(Func<bool> condition, TimeSpan limit, string because)
    {
        var end = Time.Now + limit;
        Settle();
        while (!condition())
        {
            if (_queue.TryTake(out var task, millisecondsTimeout: 20)) TryExecuteTask(task);
            else Assert.True(Time.FireNext(end), $"not within {limit}: {because}");
            Settle();
        }
    }

    public void Dispose() => _queue.Dispose();

    protected override void QueueTask(Task task) => _queue.Add(task);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => _queue;
}
