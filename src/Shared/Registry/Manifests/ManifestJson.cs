// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClusterManager.Registry;

/// <summary>A manifest of any kind, as far as it is read.</summary>
internal sealed record ManifestJson
{
    [JsonPropertyName("schemaVersion")]
    public int SchemaVersion { get; init; }

    [JsonPropertyName("mediaType")]
    public string? MediaType { get; init; }

    /// <summary>Only an index has them.</summary>
    [JsonPropertyName("manifests")]
    public List<ManifestEntryJson?>? Manifests { get; init; }

    /// <summary>Only an image has it; what is in it is not read.</summary>
    [JsonPropertyName("config")]
    public JsonElement? Config { get; init; }

    /// <summary>Only an image has them; what is in them is not read.</summary>
    [JsonPropertyName("layers")]
    public JsonElement? Layers { get; init; }
}

/// <summary>One image of an index.</summary>
internal sealed record ManifestEntryJson
{
    [JsonPropertyName("mediaType")]
    public string? MediaType { get; init; }

    [JsonPropertyName("digest")]
    public string? Digest { get; init; }

    [JsonPropertyName("size")]
    public long Size { get; init; }

    [JsonPropertyName("platform")]
    public PlatformJson? Platform { get; init; }
}

/// <summary>What an image runs on.</summary>
internal sealed record PlatformJson
{
    [JsonPropertyName("os")]
    public string? Os { get; init; }

    [JsonPropertyName("architecture")]
    public string? Architecture { get; init; }

    [JsonPropertyName("variant")]
    public string? Variant { get; init; }
}
