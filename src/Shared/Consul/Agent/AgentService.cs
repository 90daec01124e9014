// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;

namespace ClusterManager.Consul;

/// <summary>A service instance as an agent or the health endpoint reports it.</summary>
public sealed record AgentService
{
    /// <summary>Its id on its node.</summary>
    [JsonPropertyName("ID")]
    public string Id { get; init; } = "";

    /// <summary>The service's name.</summary>
    [JsonPropertyName("Service")]
    public string Name { get; init; } = "";

    /// <summary>Its own address; empty means its node's.</summary>
    public string Address { get; init; } = "";

    /// <summary>Its port; 0 when it has none.</summary>
    public int Port { get; init; }

    /// <summary>Its tags.</summary>
    public IReadOnlyList<string> Tags { get; init => field = value ?? []; } = [];

    /// <summary>Its metadata.</summary>
    public IReadOnlyDictionary<string, string> Meta { get; init => field = value ?? EmptyMap.Strings; } = EmptyMap.Strings;
}
