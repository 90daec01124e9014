// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;

namespace ClusterManager.Consul;

internal sealed record CatalogDeregisterJson(string Node, [property: JsonPropertyName("ServiceID")] string? ServiceId);
