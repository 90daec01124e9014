// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Wire.V1;

namespace ClusterManager.Agent.Session;

/// <summary>One session's stream, and the log streams beside it. Disposing it ends them all.</summary>
internal interface ISessionConnection : IDisposable
{
    /// <summary>Sends a message; one caller at a time.</summary>
    /// <exception cref="SessionEndedException">The connection is lost.</exception>
    Task SendAsync(AgentMessage message, CancellationToken cancellationToken);

    /// <summary>The next message; null when the manager has ended the stream.</summary>
    /// <exception cref="SessionEndedException">The connection is lost.</exception>
    Task<ManagerMessage?> ReceiveAsync(CancellationToken cancellationToken);

    /// <summary>Opens the stream that answers a log request.</summary>
    ILogUpload OpenLogUpload(CancellationToken cancellationToken);
}
