// SPDX-License-Identifier: Apache-2.0
namespace Grpc.Core;

/// <summary>How messages are written from now on.</summary>
public sealed class WriteOptions(WriteFlags flags = WriteFlags.None)
{
    /// <summary>Compress where agreed, send at once.</summary>
    public static readonly WriteOptions Default = new();

    /// <summary>The flags.</summary>
    public WriteFlags Flags { get; } = flags;
}
