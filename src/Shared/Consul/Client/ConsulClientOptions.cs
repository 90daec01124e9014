// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Consul;

/// <summary>How one <see cref="ConsulClient"/> reaches its Consul agent.</summary>
public sealed record ConsulClientOptions
{
    /// <summary>The agent's HTTP API, scheme and port included. Default <c>http://127.0.0.1:8500</c>.</summary>
    public Uri Address { get; init; } = new("http://127.0.0.1:8500");

    /// <summary>
    /// Gives the ACL token of the next request, or null to send none. Asked before every request, so that a rotated token
    /// takes effect without a new client; must be quick and thread-safe. Default: none.
    /// </summary>
    public Func<string?> Token { get; init; } = static () => null;

    /// <summary>
    /// Whom to trust and who to be when <see cref="Address"/> is https; null means the system's roots and no certificate.
    /// </summary>
    public ConsulTlsOptions? Tls { get; init; }

    /// <summary>
    /// Deadline of a call that does not block. Default 5 s. A blocking query gets its wait time (plus the sixteenth that Consul
    /// adds) on top. An isolated server does not answer at all: a leader passes a shorter one.
    /// </summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The largest answer read, in bytes. Default 64 MiB; a larger one fails with <see cref="ConsulErrorKind.Protocol"/>.
    /// </summary>
    public long AnswerBytesMax { get; init; } = 64L << 20;

    /// <summary>The clock of deadlines and of waiting. Default the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
