// SPDX-License-Identifier: Apache-2.0
namespace Grpc.Core.Wire;

/// <summary>The failures that the wire layer itself finds.</summary>
internal static class Errors
{
    public static RpcException TooLarge(string verb, long bytes, int maxBytes) =>
        new(new Status(StatusCode.ResourceExhausted, $"Cannot {verb} a message of {bytes} bytes: the limit is {maxBytes} bytes."));

    public static RpcException Malformed(string what, Exception? cause = null) => new(new Status(StatusCode.Internal, what, cause));

    /// <summary>The wrong number of messages for the method's kind; the official table calls that UNIMPLEMENTED.</summary>
    public static RpcException Cardinality(string what) => new(new Status(StatusCode.Unimplemented, what));
}
