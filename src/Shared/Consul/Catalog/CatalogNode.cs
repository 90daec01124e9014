// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;

namespace ClusterManager.Consul;

/// <summary>A machine as the servers know it.</summary>
public sealed record CatalogNode
{
    /// <summary>Its id; empty for one registered without an agent.</summary>
    [JsonPropertyName("ID")]
    public string Id { get; init; } = "";

    /// <summary>Its name.</summary>
    [JsonPropertyName("Node")]
    public string Name { get; init; } = "";

    /// <summary>Its address.</summary>
    public string Address { get; init; } = "";

    /// <summary>Its metadata.</summary>
    public IReadOnlyDictionary<string, string> Meta { get; init => field = value ?? EmptyMap.Strings; } = EmptyMap.Strings;
}
