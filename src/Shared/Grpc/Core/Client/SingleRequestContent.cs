// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Http.Headers;
using Grpc.Core.Wire;

namespace Grpc.Net.Client;

/// <summary>The body of a call with one request. It can be sent again when the server refused the stream before looking at it.</summary>
internal sealed class SingleRequestContent : HttpContent
{
    private readonly ReadOnlyMemory<byte> _frame;

    public SingleRequestContent(ReadOnlyMemory<byte> frame)
    {
        _frame = frame;
        Headers.ContentType = new MediaTypeHeaderValue(GrpcNames.ContentType);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        stream.WriteAsync(_frame, cancellationToken).AsTask();

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
