// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;

namespace ClusterManager.Consul;

/// <summary>A named set of rules.</summary>
public sealed record AclPolicy
{
    /// <summary>Its id; null for one that is to be created.</summary>
    [JsonPropertyName("ID")]
    public string? Id { get; init; }

    /// <summary>Its name: letters, digits, '-' and '_', at most 128.</summary>
    public string Name { get; init; } = "";

    /// <summary>For people.</summary>
    public string Description { get; init; } = "";

    /// <summary>Its rules as HCL; empty in lists, which do not repeat them.</summary>
    public string Rules { get; init; } = "";
}
