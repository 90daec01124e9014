// SPDX-License-Identifier: Apache-2.0
using System.Threading.Channels;
using ClusterManager.Agent.Docker;

namespace ClusterManager.Hollow.Engine;

/// <summary>One reader of a hollow engine's events. A slow one loses the oldest, as with a real engine.</summary>
/// <param name="closed">Called when the reader goes.</param>
internal sealed class HollowEventReader(Action<HollowEventReader> closed) : IEngineEventReader
{
    private const int EventsMax = 256;

    private readonly Channel<EngineEvent> _events = Channel.CreateBounded<EngineEvent>(
        new BoundedChannelOptions(EventsMax) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    public void Bring(EngineEvent happened) => _events.Writer.TryWrite(happened);

    public ValueTask<EngineEvent> ReadAsync(CancellationToken cancellationToken) => _events.Reader.ReadAsync(cancellationToken);

    public ValueTask DisposeAsync()
    {
        closed(this);
        return ValueTask.CompletedTask;
    }
}
