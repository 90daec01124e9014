// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;

namespace ClusterManager.Consul;

/// <summary>A service instance with its node and every check that bears on it.</summary>
public sealed record ServiceHealth
{
    /// <summary>Its node.</summary>
    public CatalogNode Node { get; init; } = new();

    /// <summary>The instance.</summary>
    public AgentService Service { get; init; } = new();

    /// <summary>Its own checks and its node's.</summary>
    public IReadOnlyList<HealthCheck> Checks { get; init => field = value ?? []; } = [];

    /// <summary>Where it listens: its own address, else its node's.</summary>
    [JsonIgnore]
    public string Address => Service.Address.Length > 0 ? Service.Address : Node.Address;

    /// <summary>True when every check passes.</summary>
    [JsonIgnore]
    public bool IsPassing => Checks.All(check => check.Status == CheckStatus.Passing);
}
