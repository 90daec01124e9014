// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Hosting.Concurrency;

/// <summary>
/// A value that changes and its newest state: one publishes, many watch. A slow watcher skips to the newest; nothing is queued for it.
/// Thread-safe.
/// </summary>
public sealed class LatestValue<T>
{
    private readonly Lock _lock = new();
    private Entry _newest;

    /// <summary>Begins with a value of version 0.</summary>
    public LatestValue(T initial) => _newest = new Entry(initial, 0);

    /// <summary>The newest value.</summary>
    public T Current => Volatile.Read(ref _newest).Value;

    /// <summary>Replaces the value and wakes those who wait.</summary>
    public void Publish(T value)
    {
        Entry old;
        lock (_lock)
        {
            old = _newest;
            Volatile.Write(ref _newest, new Entry(value, old.Version + 1));
        }
        // Outside the lock; continuations run on their own schedulers.
        old.Replace();
    }

    /// <summary>A watcher that has seen nothing: its first answer is the current value, at once.</summary>
    public Subscription Subscribe() => new(this);

    private sealed class Entry(T value, long version)
    {
        // In the order of arrival, so that a replay wakes them in the same order.
        private readonly LinkedList<TaskCompletionSource> _waiters = [];
        private bool _isReplaced;

        internal T Value { get; } = value;
        internal long Version { get; } = version;

        /// <summary>Ends when the entry is replaced. Not one source for all with Task.WaitAsync: that completes on a pool thread, off the waiter's scheduler.</summary>
        internal async Task WhenReplacedAsync(CancellationToken cancellationToken)
        {
            var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_waiters)
            {
                if (_isReplaced) return;
                _waiters.AddLast(waiter);
            }
            using var registration = cancellationToken.UnsafeRegister(
                static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), waiter);
            try
            {
                await waiter.Task;
            }
            finally
            {
                lock (_waiters) _waiters.Remove(waiter);
            }
        }

        internal void Replace()
        {
            TaskCompletionSource[] waiters;
            lock (_waiters)
            {
                _isReplaced = true;
                waiters = [.. _waiters];
            }
            foreach (var waiter in waiters) waiter.TrySetResult();
        }
    }

    /// <summary>One watcher's position. Used by one reader; needs no disposal, since nothing refers to it.</summary>
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
            while (true)
            {
                var newest = Volatile.Read(ref _source._newest);
                if (newest.Version != _seen)
                {
                    _seen = newest.Version;
                    return newest.Value;
                }
                await newest.WhenReplacedAsync(cancellationToken);
            }
        }
    }
}
