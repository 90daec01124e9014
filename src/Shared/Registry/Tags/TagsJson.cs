// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;

namespace ClusterManager.Registry;

/// <summary>A page of tags; null where a repository has none left.</summary>
internal sealed record TagsJson
{
    [JsonPropertyName("tags")]
    public List<string?>? Tags { get; init; }
}
