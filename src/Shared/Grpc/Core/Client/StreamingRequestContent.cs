// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Http.Headers;
using Grpc.Core.Wire;

namespace Grpc.Net.Client;

/// <summary>
/// The body of a call with a stream of requests: it hands out the stream of the HTTP client and stays open until told to end.
/// </summary>
internal sealed class StreamingRequestContent : HttpContent
{
    private readonly TaskCompletionSource<Stream> _stream = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public StreamingRequestContent() => Headers.ContentType = new MediaTypeHeaderValue(GrpcNames.ContentType);

    /// <summary>The stream, once the server has been reached.</summary>
    public Task<Stream> OpenedStream => _stream.Task;

    /// <summary>Sends END_STREAM.</summary>
    public void Complete() => _end.TrySetResult();

    /// <summary>Ends the body without END_STREAM: an aborted call must not look complete to the server.</summary>
    public void Abort()
    {
        _end.TrySetCanceled();
        _stream.TrySetCanceled();
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // The token says that the server has reset the stream or that the connection is gone. A body that failed by it would hide why:
        // the HTTP client would throw the body's cancellation in place of the reset's code. So it goes on until the call ends, which it
        // does by what the response says.
        try
        {
            // Without this flush the headers wait for the first message, which in a duplex call may never come.
            await stream.FlushAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The server was quick.
        }

        if (!_stream.TrySetResult(stream))
            throw new IOException("A stream of requests cannot be sent twice.");
        await _end.Task;
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
