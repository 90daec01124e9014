// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Wire.V1;

namespace ClusterManager.Agent.Session;

/// <summary>The stream that answers one log request. A reader that pauses holds back <see cref="SendAsync"/>.</summary>
internal interface ILogUpload : IDisposable
{
    /// <summary>Sends lines; waits while the reader does not keep up.</summary>
    /// <exception cref="SessionEndedException">The stream is lost or nobody reads any more.</exception>
    Task SendAsync(LogUpload upload, CancellationToken cancellationToken);

    /// <summary>Says that this was all.</summary>
    Task CompleteAsync(CancellationToken cancellationToken);
}
