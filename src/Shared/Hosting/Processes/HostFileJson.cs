// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;

namespace ClusterManager.Hosting.Processes;

/// <summary>Source-generated JSON of <see cref="HostFile"/>.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HostFile))]
internal sealed partial class HostFileJson : JsonSerializerContext;
