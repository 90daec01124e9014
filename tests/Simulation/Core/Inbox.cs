// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Simulation.Core;

/// <summary>What has arrived on a stream and was not read yet. One reader; it continues in its own process.</summary>
internal sealed class Inbox<T>
    where T : class
{
    private readonly Queue<T> _arrived = new();
    private TaskCompletionSource? _reader;
    private bool _isOver;

    /// <summary>Something arrives.</summary>
    public void Add(T item)
    {
        _arrived.Enqueue(item);
        Wake();
    }

    /// <summary>Nothing more will.</summary>
    public void End()
    {
        _isOver = true;
        Wake();
    }

    /// <summary>The next; null: the stream has ended.</summary>
    public async Task<T?> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_arrived.TryDequeue(out var item)) return item;
            if (_isOver) return null;
            var reader = _reader = new TaskCompletionSource();
            using var givingUp = cancellationToken.UnsafeRegister(
                static (reader, token) => ((TaskCompletionSource)reader!).TrySetCanceled(token), reader);
            await reader.Task;
        }
    }

    private void Wake() => _reader?.TrySetResult();
}
