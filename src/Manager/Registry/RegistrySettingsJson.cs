// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClusterManager.Manager.Registry;

/// <summary>The settings' file, by source generation. A word that is not known is refused: it may be a misspelt one.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true)]
[JsonSerializable(typeof(RegistrySettings))]
internal sealed partial class RegistrySettingsJson : JsonSerializerContext;
