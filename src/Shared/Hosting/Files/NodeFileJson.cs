// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;

namespace ClusterManager.Hosting.Files;

/// <summary>Source-generated JSON of <see cref="NodeFile"/>: indented, since operators read it.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(NodeFile))]
[JsonSerializable(typeof(BootstrapFile))]
internal sealed partial class NodeFileJson : JsonSerializerContext;
