// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;

namespace ClusterManager.Consul;

/// <summary>A session that exists.</summary>
public sealed record SessionInfo
{
    /// <summary>Its id.</summary>
    [JsonPropertyName("ID")]
    public string Id { get; init; } = "";

    /// <summary>Its name for people.</summary>
    public string Name { get; init; } = "";

    /// <summary>The node it is bound to.</summary>
    public string Node { get; init; } = "";

    /// <summary>The node's checks it depends on.</summary>
    public IReadOnlyList<string> NodeChecks { get; init => field = value ?? []; } = [];

    /// <summary>The services' checks it depends on.</summary>
    public IReadOnlyList<SessionServiceCheck> ServiceChecks { get; init => field = value ?? []; } = [];

    /// <summary>"release" or "delete".</summary>
    public string Behavior { get; init; } = "";

    /// <summary>Its lock-delay.</summary>
    [JsonIgnore]
    public TimeSpan LockDelay => ConsulDuration.FromNanoseconds(LockDelayNanoseconds);

    /// <summary>Its lock-delay in nanoseconds.</summary>
    [JsonPropertyName("LockDelay")]
    [JsonInclude]
    internal long LockDelayNanoseconds { get; init; }
}
