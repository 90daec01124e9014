// SPDX-License-Identifier: Apache-2.0
namespace Grpc.Core;

/// <summary>
/// A call ended with another status than OK. A server handler throws it to choose status and trailers; a client gets it from every call.
/// </summary>
public sealed class RpcException : Exception
{
    /// <summary>An exception for this status, without trailers.</summary>
    public RpcException(Status status)
        : this(status, Metadata.Empty)
    {
    }

    /// <summary>An exception for this status whose message differs from the status' text.</summary>
    public RpcException(Status status, string message)
        : this(status, Metadata.Empty, message)
    {
    }

    /// <summary>An exception for this status with trailers, for example <c>grpc-status-details-bin</c>.</summary>
    public RpcException(Status status, Metadata trailers)
        : this(status, trailers, status.ToString())
    {
    }

    /// <summary>An exception with all its parts.</summary>
    public RpcException(Status status, Metadata trailers, string message)
        : base(message, status.DebugException)
    {
        ArgumentNullException.ThrowIfNull(trailers);
        Status = status;
        Trailers = trailers;
    }

    /// <summary>How the call ended.</summary>
    public Status Status { get; }

    /// <summary>The code of <see cref="Status"/>.</summary>
    public StatusCode StatusCode => Status.StatusCode;

    /// <summary>The trailers that came (client) or go (server) with the status; never null.</summary>
    public Metadata Trailers { get; }
}
