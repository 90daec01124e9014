// SPDX-License-Identifier: Apache-2.0
using System.Buffers;

namespace Grpc.Core.Wire;

/// <summary>Lets a marshaller write straight into the frame.</summary>
internal sealed class BufferSerializationContext(PooledBuffer buffer) : SerializationContext
{
    public override void SetPayloadLength(int payloadLength) => buffer.EnsureFree(payloadLength);

    public override IBufferWriter<byte> GetBufferWriter() => buffer;

    public override void Complete()
    {
    }

    public override void Complete(byte[] payload)
    {
        ArgumentNullException.ThrowIfNull(payload);
        buffer.Write(payload);
    }
}
