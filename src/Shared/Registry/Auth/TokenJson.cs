// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;

namespace ClusterManager.Registry;

/// <summary>A token service's answer: two names for the same thing, of which either may come.</summary>
internal sealed record TokenJson
{
    [JsonPropertyName("token")]
    public string? Token { get; init; }

    [JsonPropertyName("access_token")]
    public string? AccessToken { get; init; }

    /// <summary>Seconds; 60 when unsaid (the specification's own default).</summary>
    [JsonPropertyName("expires_in")]
    public double? ExpiresIn { get; init; }
}
