// SPDX-License-Identifier: Apache-2.0
using System.Buffers;

namespace Grpc.Core;

/// <summary>Where a marshaller puts the bytes of one message. Valid only during the call of the serializer.</summary>
public abstract class SerializationContext
{
    /// <summary>Hands over the whole message as one array; nothing else may be called then.</summary>
    public virtual void Complete(byte[] payload) => throw new NotSupportedException();

    /// <summary>The buffer to write to, ended with <see cref="Complete()"/>.</summary>
    public virtual IBufferWriter<byte> GetBufferWriter() => throw new NotSupportedException();

    /// <summary>Announces the exact length in bytes before the first write, so that the buffer is rented once.</summary>
    public virtual void SetPayloadLength(int payloadLength)
    {
    }

    /// <summary>The message is written.</summary>
    public virtual void Complete() => throw new NotSupportedException();
}
