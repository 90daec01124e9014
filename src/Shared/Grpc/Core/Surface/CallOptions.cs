// SPDX-License-Identifier: Apache-2.0
namespace Grpc.Core;

/// <summary>What a caller may set for one call.</summary>
/// <param name="headers">Metadata to send, or null for none.</param>
/// <param name="deadline">The UTC instant at which the call ends with <see cref="StatusCode.DeadlineExceeded"/>, or null for none.</param>
/// <param name="cancellationToken">Ends the call with <see cref="StatusCode.Cancelled"/>.</param>
/// <param name="writeOptions">How requests are written, or null for the default.</param>
#pragma warning disable CA1068 // The order of the parameters is the official one; generated code relies on it.
public readonly struct CallOptions(
    Metadata? headers = null,
    DateTime? deadline = null,
    CancellationToken cancellationToken = default,
    WriteOptions? writeOptions = null)
{
    /// <summary>Metadata to send, or null for none.</summary>
    public Metadata? Headers { get; } = headers;

    /// <summary>The UTC instant at which the call ends, or null for none.</summary>
    public DateTime? Deadline { get; } = deadline;

    /// <summary>Ends the call when cancelled.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>How requests are written, or null for the default.</summary>
    public WriteOptions? WriteOptions { get; } = writeOptions;

    /// <summary>The same options with other headers.</summary>
    public CallOptions WithHeaders(Metadata? headers) => new(headers, Deadline, CancellationToken, WriteOptions);

    /// <summary>The same options with another deadline (UTC).</summary>
    public CallOptions WithDeadline(DateTime? deadline) => new(Headers, deadline, CancellationToken, WriteOptions);

    /// <summary>The same options with another token.</summary>
    public CallOptions WithCancellationToken(CancellationToken cancellationToken) =>
        new(Headers, Deadline, cancellationToken, WriteOptions);

    /// <summary>The same options with other write options.</summary>
    public CallOptions WithWriteOptions(WriteOptions? writeOptions) => new(Headers, Deadline, CancellationToken, writeOptions);
}
