// SPDX-License-Identifier: Apache-2.0
namespace Grpc.Net.Client;

/// <summary>What could still end a call: registrations and timers. Thread-safe; what is added after disposal is disposed at once.</summary>
internal sealed class PendingEnds : IDisposable
{
    private readonly Lock _lock = new();
    private List<IDisposable>? _items = new(3);

    public void Add(IDisposable item)
    {
        lock (_lock)
        {
            if (_items is not null)
            {
                _items.Add(item);
                return;
            }
        }

        item.Dispose();
    }

    public void Dispose()
    {
        List<IDisposable>? items;
        lock (_lock)
            (items, _items) = (_items, null);
        foreach (var item in items ?? [])
            Release(item);
    }

    /// <summary>Unregisters without waiting: the end may run inside the very callback that is to be removed.</summary>
    private static void Release(IDisposable item)
    {
        if (item is CancellationTokenRegistration registration)
            registration.Unregister();
        else
            item.Dispose();
    }
}
