// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;

namespace ClusterManager.Registry;

/// <summary>The body of a refusal.</summary>
internal sealed record ErrorsJson
{
    [JsonPropertyName("errors")]
    public List<ErrorJson?>? Errors { get; init; }
}

/// <summary>One thing that is wrong.</summary>
internal sealed record ErrorJson
{
    [JsonPropertyName("code")]
    public string? Code { get; init; }

    [JsonPropertyName("message")]
    public string? Message { get; init; }
}
