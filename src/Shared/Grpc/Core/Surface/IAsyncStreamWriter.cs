// SPDX-License-Identifier: Apache-2.0
namespace Grpc.Core;

/// <summary>A stream of messages to write, one write at a time.</summary>
public interface IAsyncStreamWriter<in T>
{
    /// <summary>How the following messages are written; null is the default.</summary>
    WriteOptions? WriteOptions { get; set; }

    /// <summary>
    /// Writes a message and waits until the flow control of the peer has taken it over: awaiting is what bounds memory.
    /// </summary>
    /// <exception cref="InvalidOperationException">Another write is running, or the stream was completed.</exception>
    Task WriteAsync(T message);

    /// <summary>
    /// As <see cref="WriteAsync(T)"/>; cancelling a write that has begun ends the whole call, as half a message cannot stand.
    /// </summary>
    Task WriteAsync(T message, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested ? Task.FromCanceled(cancellationToken) : WriteAsync(message);
}
