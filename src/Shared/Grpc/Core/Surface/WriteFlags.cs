// SPDX-License-Identifier: Apache-2.0
namespace Grpc.Core;

/// <summary>How a message is to be written.</summary>
[Flags]
public enum WriteFlags
{
    /// <summary>Nothing special: compress where gzip is agreed, send at once.</summary>
    None = 0,

    /// <summary>Another message follows soon; this one may wait in the buffer.</summary>
    BufferHint = 1,

    /// <summary>Do not compress this message.</summary>
    NoCompress = 2,
}
