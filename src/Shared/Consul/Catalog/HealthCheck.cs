// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;

namespace ClusterManager.Consul;

/// <summary>A check and what it says.</summary>
public sealed record HealthCheck
{
    /// <summary>Its node's name.</summary>
    public string Node { get; init; } = "";

    /// <summary>Its id on its node; "serfHealth" is gossip's own.</summary>
    [JsonPropertyName("CheckID")]
    public string Id { get; init; } = "";

    /// <summary>Its name for people.</summary>
    public string Name { get; init; } = "";

    /// <summary>What it says.</summary>
    public CheckStatus Status { get; init; } = CheckStatus.Critical;

    /// <summary>Its last report's text.</summary>
    public string Output { get; init; } = "";

    /// <summary>The service it belongs to; empty for a check of the node.</summary>
    [JsonPropertyName("ServiceID")]
    public string ServiceId { get; init; } = "";

    /// <summary>That service's name.</summary>
    public string ServiceName { get; init; } = "";
}
