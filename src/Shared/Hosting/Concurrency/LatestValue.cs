// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Hosting.Concurrency;

/// <summary>
/// A value that changes and its newest state: one publishes, many watch. A slow watcher skips to the newest; nothing is queued for it.
/// Thread-safe.
/// </summary>
/// <remarks>
/// A watcher awaits a completion source of its own and nothing else: <c>Task.WaitAsync(token)</c> would hop over the thread pool, which a
/// simulation's scheduler must not see. Watchers are woken in the order in which they began to wait.
/// </remarks>
public sealed class LatestValue<T>
{
    private readonly Lock _lock = new();
    private List<TaskCompletionSource> _waiting = [];
    private Entry _newest;

    /// <summary>Begins with this value, which is news to every new watcher.</summary>
    public LatestValue(T initial) => _newest = new Entry(initial, 0);

    /// <summary>The newest value.</summary>
    public T Current => Volatile.Read(ref _newest).Value;

    /// <summary>Replaces the value and wakes those who wait; also an equal value is news.</summary>
    public void Publish(T value)
    {
        List<TaskCompletionSource> woken;
        lock (_lock)
        {
            Volatile.Write(ref _newest, new Entry(value, _newest.Version + 1));
            woken = _waiting;
            _waiting = [];
        }
        // Outside the lock; continuations run later, on their own schedulers.
        foreach (var waiter in woken) waiter.TrySetResult();
    }

    /// <summary>A watcher that has seen nothing: its first answer is the current value, at once.</summary>
    public Subscription Subscribe() => new(this);

    private TaskCompletionSource? WaitFor(long seen)
    {
        lock (_lock)
        {
            if (_newest.Version != seen) return null;
            var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add(waiter);
            return waiter;
        }
    }

    private void Forget(TaskCompletionSource waiter)
    {
        lock (_lock) _waiting.Remove(waiter);
    }

    private sealed record Entry(T Value, long Version);

    /// <summary>One watcher's position, for one reader. It needs no disposal: nothing refers to it unless it waits.</summary>
    public sealed class Subscription
    {
        private readonly LatestValue<T> _source;
        private long _seen = -1;

        internal Subscription(LatestValue<T> source) => _source = source;

        /// <summary>The newest value if it is newer than what this watcher saw last.</summary>
        public bool TryNext(out T value)
        {
            var newest = Volatile.Read(ref _source._newest);
            value = newest.Value;
            if (newest.Version == _seen) return false;
            _seen = newest.Version;
            return true;
        }

        /// <summary>Waits until there is a newer value than this watcher saw last, and returns the newest.</summary>
        public async ValueTask<T> NextAsync(CancellationToken cancellationToken)
        {
            T value;
            while (!TryNext(out value))
            {
                if (_source.WaitFor(_seen) is not { } waiter) continue;
                using var registration = cancellationToken.UnsafeRegister(
                    static (waiter, token) => ((TaskCompletionSource)waiter!).TrySetCanceled(token), waiter);
                try
                {
                    await waiter.Task;
                }
                catch (OperationCanceledException)
                {
                    _source.Forget(waiter);
                    throw;
                }
            }
            return value;
        }
    }
}
