// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;

namespace ClusterManager.Consul;

/// <summary>A token: a public accessor, by which it is managed, and a secret, which is sent with requests.</summary>
public sealed record AclToken
{
    /// <summary>Its public id; null lets Consul choose one.</summary>
    [JsonPropertyName("AccessorID")]
    public string? AccessorId { get; init; }

    /// <summary>Its secret; null lets Consul choose one, and in lists of later versions.</summary>
    [JsonPropertyName("SecretID")]
    public string? SecretId { get; init; }

    /// <summary>For people.</summary>
    public string Description { get; init; } = "";

    /// <summary>The policies it carries.</summary>
    public IReadOnlyList<AclPolicyLink> Policies { get; init => field = value ?? []; } = [];

    /// <summary>Names the accessor only: a token that gets into a log must not be usable.</summary>
    public override string ToString() => $"token {AccessorId ?? "(new)"}";
}
