// SPDX-License-Identifier: Apache-2.0
using System.Net.Security;

namespace Grpc.Net.Client;

/// <summary>How a channel reaches its server. Read once, when the channel is made.</summary>
public sealed class GrpcChannelOptions
{
    /// <summary>
    /// TLS of <c>https</c> addresses: client certificates, custom validation of the server. Null: the system's trust, no client
    /// certificate. ALPN and the target host are set by the channel.
    /// </summary>
    public SslClientAuthenticationOptions? SslOptions { get; init; }

    /// <summary>The greatest message to receive, in bytes. Default: 4 MiB; null: none. Beyond: RESOURCE_EXHAUSTED.</summary>
    public int? MaxReceiveMessageSize { get; init; } = Core.Wire.GrpcNames.DefaultMaxMessageBytes;

    /// <summary>The greatest message to send, in bytes. Default: 4 MiB, as no default server takes more; null: none.</summary>
    public int? MaxSendMessageSize { get; init; } = Core.Wire.GrpcNames.DefaultMaxMessageBytes;

    /// <summary>Whether requests are gzipped. Default: false. Gzipped responses are always understood.</summary>
    public bool GzipRequests { get; init; }

    /// <summary>How long TCP connect and TLS handshake may take. Default: 10 s. Beyond: UNAVAILABLE.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Silence after which a ping probes the connection, also when no call runs. Default: 30 s;
    /// <see cref="Timeout.InfiniteTimeSpan"/>: never. Official C and Go servers end connections that are pinged more than every 5 min.
    /// </summary>
    public TimeSpan KeepAlivePingDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a ping may stay unanswered before the connection counts as lost. Default: 10 s.</summary>
    public TimeSpan KeepAlivePingTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection without calls stays open. Default: 5 min.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The first receive window of a stream, in bytes; it grows by itself while the reader keeps up. Default: 65535, the least. Raise it
    /// for bulk data over links with long round trips, at the price of memory for streams nobody reads.
    /// </summary>
    public int InitialStreamWindowSize { get; init; } = 65_535;

    /// <summary>The clock of deadlines. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
