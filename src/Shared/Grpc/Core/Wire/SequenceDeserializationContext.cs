// SPDX-License-Identifier: Apache-2.0
using System.Buffers;

namespace Grpc.Core.Wire;

/// <summary>Lets a marshaller read straight from the received buffers.</summary>
internal sealed class SequenceDeserializationContext(ReadOnlySequence<byte> payload) : DeserializationContext
{
    public override int PayloadLength => (int)payload.Length;

    public override byte[] PayloadAsNewBuffer() => payload.ToArray();

    public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => payload;
}
