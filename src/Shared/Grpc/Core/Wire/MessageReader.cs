// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Pipelines;

namespace Grpc.Core.Wire;

/// <summary>
/// Takes messages out of a stream of bytes. One per direction of a call; one read at a time. It never asks for more than the message it is
/// reading: what is not read stays with the sender, by flow control.
/// </summary>
/// <param name="pipe">Where the bytes come from.</param>
/// <param name="maxMessageBytes">The greatest length of a message, packed and unpacked; null for none.</param>
/// <param name="gzip">Whether the peer announced gzip.</param>
internal sealed class MessageReader(PipeReader pipe, int? maxMessageBytes, bool gzip)
{
    /// <summary>The next message, or null at the end of the stream.</summary>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: over the limit. INTERNAL: malformed frame or message.</exception>
    public async ValueTask<T?> ReadAsync<T>(Marshaller<T> marshaller, CancellationToken cancellationToken)
        where T : class
    {
        while (true)
        {
            var result = await pipe.ReadAsync(cancellationToken);
            var buffer = result.Buffer;
            if (TryReadFrame(buffer, out var payload, out var compressed))
                return Consume(payload, compressed, marshaller);
            if (result.IsCompleted || result.IsCanceled)
                return buffer.IsEmpty ? null : throw Errors.Malformed("The stream ended inside a message.");
            pipe.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    /// <summary>The only message of the stream.</summary>
    /// <exception cref="RpcException">As above; UNIMPLEMENTED when there are more or fewer than one.</exception>
    public async ValueTask<T> ReadSingleAsync<T>(Marshaller<T> marshaller, CancellationToken cancellationToken)
        where T : class
    {
        var message = await ReadAsync(marshaller, cancellationToken)
            ?? throw Errors.Cardinality("The stream ended without its one message.");
        return await ReadAsync(marshaller, cancellationToken) is null
            ? message
            : throw Errors.Cardinality("More than one message came where one was expected.");
    }

    /// <summary>Gives the buffers back. Nothing may be read after it.</summary>
    public void Complete() => pipe.Complete();

    private bool TryReadFrame(in ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> payload, out bool compressed)
    {
        payload = default;
        compressed = false;
        if (buffer.Length < GrpcNames.PrefixBytes)
            return false;
        Span<byte> prefix = stackalloc byte[GrpcNames.PrefixBytes];
        buffer.Slice(0, GrpcNames.PrefixBytes).CopyTo(prefix);
        compressed = IsCompressed(prefix[0]);
        var length = BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
        // Known as soon as five bytes are here: an oversized message is refused before it is received.
        if (length > (maxMessageBytes ?? int.MaxValue))
            throw Errors.TooLarge("receive", length, maxMessageBytes ?? int.MaxValue);
        if (buffer.Length < GrpcNames.PrefixBytes + length)
            return false;
        payload = buffer.Slice(GrpcNames.PrefixBytes, length);
        return true;
    }

    private bool IsCompressed(byte flag) => flag switch
    {
        0 => false,
        1 when gzip => true,
        1 => throw Errors.Malformed("A compressed message came without a grpc-encoding."),
        _ => throw Errors.Malformed($"The compressed flag of a message is {flag}; only 0 and 1 exist."),
    };

    private T Consume<T>(ReadOnlySequence<byte> payload, bool compressed, Marshaller<T> marshaller)
    {
        try
        {
            return compressed ? DeserializeCompressed(payload, marshaller) : Deserialize(payload, marshaller);
        }
        finally
        {
            pipe.AdvanceTo(payload.End);
        }
    }

    private static T Deserialize<T>(ReadOnlySequence<byte> payload, Marshaller<T> marshaller)
    {
        try
        {
            return marshaller.ContextualDeserializer(new SequenceDeserializationContext(payload));
        }
        catch (Exception ex) when (ex is not RpcException)
        {
            throw Errors.Malformed("The message could not be parsed.", ex);
        }
    }

    private T DeserializeCompressed<T>(ReadOnlySequence<byte> payload, Marshaller<T> marshaller)
    {
        using var unpacked = new PooledBuffer();
        var packed = ArrayPool<byte>.Shared.Rent((int)payload.Length);
        try
        {
            payload.CopyTo(packed);
            using var gzipStream = new GZipStream(new MemoryStream(packed, 0, (int)payload.Length), CompressionMode.Decompress);
            Unpack(gzipStream, unpacked);
        }
        catch (InvalidDataException ex)
        {
            throw Errors.Malformed("A compressed message could not be unpacked.", ex);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(packed);
        }

        return Deserialize(new ReadOnlySequence<byte>(unpacked.Written), marshaller);
    }

    /// <summary>Stops at the limit: a few packed kilobytes may stand for gigabytes.</summary>
    private void Unpack(GZipStream gzipStream, PooledBuffer unpacked)
    {
        while (true)
        {
            var count = gzipStream.Read(unpacked.GetSpan(4096));
            if (count == 0)
                return;
            unpacked.Advance(count);
            if (unpacked.Length > maxMessageBytes)
                throw Errors.TooLarge("unpack", unpacked.Length, maxMessageBytes.Value);
        }
    }
}
