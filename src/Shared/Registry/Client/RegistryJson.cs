// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;

namespace ClusterManager.Registry;

/// <summary>Everything that is read as JSON; generated at compile time, so that trimming is safe.</summary>
[JsonSerializable(typeof(ManifestJson))]
[JsonSerializable(typeof(TagsJson))]
[JsonSerializable(typeof(TokenJson))]
[JsonSerializable(typeof(ErrorsJson))]
internal sealed partial class RegistryJson : JsonSerializerContext;
