// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Shared.Tests.Hosting.Concurrency;

/// <summary>Runs tasks one after another on the thread that calls <see cref="Run"/>, and counts what another thread brings.</summary>
internal sealed class OneThreadScheduler : TaskScheduler
{
    private readonly Lock _lock = new();
    private readonly Queue<Task> _queue = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;

    /// <summary>How often work came from a thread that a simulation does not know.</summary>
    internal int ForeignCount { get; private set; }

    /// <summary>Starts <paramref name="main"/> and runs until nothing is left to do; false when it still waits for something.</summary>
    internal bool Run(Func<Task> main)
    {
        // The test framework's context would catch the continuations before this scheduler does.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            var task = Task.Factory.StartNew(main, CancellationToken.None, TaskCreationOptions.None, this);
            while (TryTake(out var next)) TryExecuteTask(next);
            if (task.Result.IsFaulted) task.Result.GetAwaiter().GetResult();
            return task.Result.IsCompletedSuccessfully;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    protected override void QueueTask(Task task)
    {
        lock (_lock)
        {
            if (Environment.CurrentManagedThreadId != _thread) ForeignCount++;
            _queue.Enqueue(task);
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => [.. _queue];

    private bool TryTake(out Task task)
    {
        lock (_lock) return _queue.TryDequeue(out task!);
    }
}
