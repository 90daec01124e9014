// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Docker;

/// <summary>An open stream of events. For one reader; disposing ends the connection.</summary>
public interface IEngineEventReader : IAsyncDisposable
{
    /// <summary>The next event. Events come about in the order of their time; neighbours may be swapped.</summary>
    /// <exception cref="DockerException"><see cref="DockerErrorKind.EngineUnavailable"/> when the connection has ended.</exception>
    ValueTask<EngineEvent> ReadAsync(CancellationToken cancellationToken);
}
