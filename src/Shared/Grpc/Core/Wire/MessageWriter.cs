// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.IO.Compression;

namespace Grpc.Core.Wire;

/// <summary>Frames messages: flag, length, bytes. Stateless.</summary>
/// <param name="maxMessageBytes">The greatest length of a message before compression; null for none.</param>
/// <param name="gzip">Whether gzip was announced to the peer.</param>
internal sealed class MessageWriter(int? maxMessageBytes, bool gzip)
{
    // Below this size gzip makes most messages longer, so they go plain (flag 0), which is always allowed.
    private const int SmallestGzippedBytes = 256;

    /// <summary>The message as it goes on the wire. The caller disposes it once sent: an idle stream holds no buffer.</summary>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: over the limit. INTERNAL: the serializer failed.</exception>
    public PooledBuffer Frame<T>(T message, Marshaller<T> marshaller, WriteOptions? options)
    {
        var frame = StartFrame();
        try
        {
            Serialize(message, marshaller, frame);
            var payloadBytes = frame.Length - GrpcNames.PrefixBytes;
            if (payloadBytes > maxMessageBytes)
                throw Errors.TooLarge("send", payloadBytes, maxMessageBytes.Value);
            var compress = gzip && payloadBytes >= SmallestGzippedBytes && !SkipsCompression(options);
            return Seal(compress ? Compress(frame) : frame, compress);
        }
        catch
        {
            frame.Dispose();
            throw;
        }
    }

    private static bool SkipsCompression(WriteOptions? options) => options is not null && (options.Flags & WriteFlags.NoCompress) != 0;

    private static PooledBuffer StartFrame()
    {
        var frame = new PooledBuffer();
        frame.GetSpan(GrpcNames.PrefixBytes);
        frame.Advance(GrpcNames.PrefixBytes);
        return frame;
    }

    private static void Serialize<T>(T message, Marshaller<T> marshaller, PooledBuffer frame)
    {
        try
        {
            marshaller.ContextualSerializer(message, new BufferSerializationContext(frame));
        }
        catch (Exception ex) when (ex is not RpcException)
        {
            throw new RpcException(new Status(StatusCode.Internal, "The message could not be serialized.", ex));
        }
    }

    private static PooledBuffer Compress(PooledBuffer frame)
    {
        var packed = StartFrame();
        using (var gzipStream = new GZipStream(new BufferStream(packed), CompressionLevel.Fastest))
            gzipStream.Write(frame.WrittenSpan[GrpcNames.PrefixBytes..]);
        frame.Dispose();
        return packed;
    }

    private static PooledBuffer Seal(PooledBuffer frame, bool compressed)
    {
        frame.WrittenSpan[0] = compressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32BigEndian(frame.WrittenSpan[1..], frame.Length - GrpcNames.PrefixBytes);
        return frame;
    }
}
