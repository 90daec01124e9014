// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;

namespace ClusterManager.Consul;

/// <summary>A service instance with its node, healthy or not.</summary>
public sealed record CatalogService
{
    /// <summary>Its node's name.</summary>
    public string Node { get; init; } = "";

    /// <summary>Its node's address.</summary>
    [JsonPropertyName("Address")]
    public string NodeAddress { get; init; } = "";

    /// <summary>Its id on its node.</summary>
    [JsonPropertyName("ServiceID")]
    public string Id { get; init; } = "";

    /// <summary>The service's name.</summary>
    [JsonPropertyName("ServiceName")]
    public string Name { get; init; } = "";

    /// <summary>Its own address; empty means its node's.</summary>
    [JsonPropertyName("ServiceAddress")]
    public string Address { get; init; } = "";

    /// <summary>Its port; 0 when it has none.</summary>
    [JsonPropertyName("ServicePort")]
    public int Port { get; init; }

    /// <summary>Its tags.</summary>
    [JsonPropertyName("ServiceTags")]
    public IReadOnlyList<string> Tags { get; init => field = value ?? []; } = [];

    /// <summary>Its metadata.</summary>
    [JsonPropertyName("ServiceMeta")]
    public IReadOnlyDictionary<string, string> Meta { get; init => field = value ?? EmptyMap.Strings; } = EmptyMap.Strings;
}
