// SPDX-License-Identifier: Apache-2.0
using System.Threading.Channels;
using ClusterManager.Model;
using ClusterManager.Wire;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Dispatch;

/// <summary>
/// Brings agents' log streams to the readers that asked for them. A reader that does not read stops the agents' uploads by their streams'
/// flow control: nothing piles up here. Thread-safe.
/// </summary>
internal sealed class LogBroker
{
    private const int BatchesBuffered = 8;
    private readonly Lock _lock = new();
    private readonly SortedDictionary<long, LogSubscription> _open = [];
    private long _last;

    /// <summary>A new reader of one node's allocations.</summary>
    public LogSubscription Open(NodeId node)
    {
        lock (_lock)
        {
            var subscription = new LogSubscription(++_last, node, Channel.CreateBounded<V1.LogUpload>(BatchesBuffered), Close);
            _open[subscription.Request] = subscription;
            return subscription;
        }
    }

    /// <summary>The reader of a request of this node; null: it is gone, the upload is to end.</summary>
    public LogSubscription? Find(long request, NodeId node)
    {
        lock (_lock) return _open.TryGetValue(request, out var found) && found.Node == node ? found : null;
    }

    private void Close(LogSubscription subscription)
    {
        lock (_lock) _open.Remove(subscription.Request);
    }
}
