// SPDX-License-Identifier: Apache-2.0
namespace Grpc.Core;

/// <summary>How a call ended. The numbers are those of the gRPC wire protocol.</summary>
public enum StatusCode
{
    /// <summary>The call succeeded.</summary>
    OK = 0,

    /// <summary>The call was cancelled, usually by the caller.</summary>
    Cancelled = 1,

    /// <summary>An error without a better code; also what an unhandled exception of a handler becomes.</summary>
    Unknown = 2,

    /// <summary>The request is wrong whatever state the server is in.</summary>
    InvalidArgument = 3,

    /// <summary>The deadline passed before the call ended. The call may have taken effect.</summary>
    DeadlineExceeded = 4,

    /// <summary>The named thing does not exist.</summary>
    NotFound = 5,

    /// <summary>The thing to be created exists already.</summary>
    AlreadyExists = 6,

    /// <summary>The caller is known but not allowed.</summary>
    PermissionDenied = 7,

    /// <summary>A limit was reached: message size, queue, quota.</summary>
    ResourceExhausted = 8,

    /// <summary>The server is not in the state that the call needs; retrying alone does not help.</summary>
    FailedPrecondition = 9,

    /// <summary>The call lost against a concurrent one; retry from a higher level.</summary>
    Aborted = 10,

    /// <summary>The request points past the valid range.</summary>
    OutOfRange = 11,

    /// <summary>The server does not have this service or method, or not this use of it.</summary>
    Unimplemented = 12,

    /// <summary>A broken promise inside client, server or wire: malformed frames, failed parsing.</summary>
    Internal = 13,

    /// <summary>The server cannot be reached now; retry with back-off if the call is idempotent.</summary>
    Unavailable = 14,

    /// <summary>Data was lost beyond repair.</summary>
    DataLoss = 15,

    /// <summary>The caller is not known: no or wrong credentials.</summary>
    Unauthenticated = 16,
}
