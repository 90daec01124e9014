// SPDX-License-Identifier: Apache-2.0
namespace Grpc.Core;

/// <summary>A stream of messages to read, one reader at a time.</summary>
public interface IAsyncStreamReader<out T>
{
    /// <summary>The message of the last <see cref="MoveNext"/> that returned true.</summary>
    T Current { get; }

    /// <summary>
    /// Waits for the next message. False when the peer has ended the stream well; a client gets <see cref="RpcException"/> for any
    /// other end, a server handler <see cref="OperationCanceledException"/> when the client is gone.
    /// </summary>
    Task<bool> MoveNext(CancellationToken cancellationToken);
}
