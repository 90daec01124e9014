// SPDX-License-Identifier: Apache-2.0
using System.Threading.Channels;
using ClusterManager.Agent.Docker;

namespace ClusterManager.Agent.Tests.Simulated;

/// <summary>One connection to the simulated engine's events.</summary>
internal sealed class SimulatedEventReader : IEngineEventReader
{
    private readonly Channel<EngineEvent> _events = Channel.CreateUnbounded<EngineEvent>();

    public void Add(EngineEvent happened) => _events.Writer.TryWrite(happened);

    public void Break() => _events.Writer.TryComplete(new DockerException(DockerErrorKind.EngineUnavailable, "the connection ended"));

    public async ValueTask<EngineEvent> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _events.Reader.ReadAsync(cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw new DockerException(DockerErrorKind.EngineUnavailable, "the connection ended");
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
