// SPDX-License-Identifier: Apache-2.0
using System.Threading.Channels;

namespace ClusterManager.Hosting.Concurrency;

/// <summary>The bounded inbox of one loop. Anyone posts; one loop reads. Thread-safe for posting.</summary>
/// <remarks>
/// The loop reads with <see cref="WaitToReadAsync"/> and then <see cref="TryReadBatch"/>. There is no async enumeration: it leaves the
/// scheduler of the caller, and simulation needs every continuation on its own.
/// </remarks>
public sealed class Mailbox<T>
{
    private readonly Channel<T> _channel;

    /// <summary>A mailbox for at most <paramref name="capacity"/> waiting items.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is less than 1.</exception>
    public Mailbox(int capacity)
    {
        Capacity = capacity;
        _channel = Channel.CreateBounded<T>(new BoundedChannelOptions(capacity)
        {
            FullMode = BoundedChannelFullMode.Wait,
            SingleReader = true,
            AllowSynchronousContinuations = false,
        });
    }

    /// <summary>How many items may wait.</summary>
    public int Capacity { get; }

    /// <summary>How many items wait now; for metrics.</summary>
    public int Count => _channel.Reader.Count;

    /// <summary>Posts without waiting; false when the mailbox is full or closed: tell the caller, or drop what can be had again.</summary>
    public bool TryPost(T item) => _channel.Writer.TryWrite(item);

    /// <summary>Waits for room; false when the mailbox was closed. For producers that may be slowed down.</summary>
    public async ValueTask<bool> PostAsync(T item, CancellationToken cancellationToken)
    {
        while (await _channel.Writer.WaitToWriteAsync(cancellationToken))
        {
            if (_channel.Writer.TryWrite(item)) return true;
        }
        return false;
    }

    /// <summary>Waits until something can be read; false when the mailbox is closed and empty.</summary>
    public ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken) => _channel.Reader.WaitToReadAsync(cancellationToken);

    /// <summary>The same as a task, for loops that wait for other things beside it.</summary>
    /// <remarks>Awaited here: <c>AsTask</c> would continue on a pool thread, off the caller's scheduler.</remarks>
    public async Task<bool> WhenReadableAsync(CancellationToken cancellationToken) => await WaitToReadAsync(cancellationToken);

    /// <summary>Takes the oldest item if there is one.</summary>
    public bool TryRead(out T item) => _channel.Reader.TryRead(out item!);

    /// <summary>Adds up to <paramref name="countMax"/> of the oldest items to <paramref name="batch"/>; returns how many.</summary>
    public int TryReadBatch(ICollection<T> batch, int countMax)
    {
        var count = 0;
        while (count < countMax && _channel.Reader.TryRead(out var item))
        {
            batch.Add(item);
            count++;
        }
        return count;
    }

    /// <summary>Refuses further posts; what waits can still be read.</summary>
    public void Close() => _channel.Writer.TryComplete();
}
