// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Hosting.Concurrency;
using ClusterManager.Model;

namespace ClusterManager.Agent.Allocations;

/// <summary>
/// The newest view of every allocation. Each runner writes its own entry; session, discovery and disk read snapshots and skip to the
/// newest.
/// Thread-safe.
/// </summary>
internal sealed class StatusBoard
{
    private readonly Lock _lock = new();
    private readonly LatestValue<ImmutableSortedDictionary<AllocationId, AllocationView>> _views =
        new(ImmutableSortedDictionary<AllocationId, AllocationView>.Empty);

    /// <summary>All allocations as they are now.</summary>
    public ImmutableSortedDictionary<AllocationId, AllocationView> Current => _views.Current;

    /// <summary>A watcher that has seen nothing.</summary>
    public LatestValue<ImmutableSortedDictionary<AllocationId, AllocationView>>.Subscription Subscribe() => _views.Subscribe();

    /// <summary>Shows a view; equal ones wake nobody.</summary>
    public void Publish(AllocationView view)
    {
        lock (_lock)
        {
            var views = _views.Current;
            if (views.TryGetValue(view.Facts.Id, out var old) && old == view) return;
            _views.Publish(views.SetItem(view.Facts.Id, view));
        }
    }

    /// <summary>Forgets an allocation.</summary>
    public void Remove(AllocationId id)
    {
        lock (_lock) _views.Publish(_views.Current.Remove(id));
    }
}
