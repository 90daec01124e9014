// SPDX-License-Identifier: Apache-2.0
using System.Threading.Channels;
using ClusterManager.Model;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Dispatch;

/// <summary>One reader of one node's log stream.</summary>
internal sealed class LogSubscription(long request, NodeId node, Channel<V1.LogUpload> channel, Action<LogSubscription> close) : IDisposable
{
    private readonly CancellationTokenSource _gone = new();

    /// <summary>The request's number, as the agent knows it.</summary>
    public long Request { get; } = request;

    /// <summary>The node that is asked.</summary>
    public NodeId Node { get; } = node;

    /// <summary>Cancelled when the reader is gone.</summary>
    public CancellationToken Gone => _gone.Token;

    /// <summary>What arrives.</summary>
    public ChannelReader<V1.LogUpload> Uploads => channel.Reader;

    /// <summary>Passes on what an agent sent; waits while the reader is slow.</summary>
    public ValueTask WriteAsync(V1.LogUpload upload, CancellationToken cancellationToken) =>
        channel.Writer.WriteAsync(upload, cancellationToken);

    /// <summary>The agent has no more.</summary>
    public void Complete() => channel.Writer.TryComplete();

    /// <summary>The reader is gone.</summary>
    public void Dispose()
    {
        close(this);
        _gone.Cancel();
        Complete();
    }
}
