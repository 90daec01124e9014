// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;

namespace ClusterManager.Consul;

/// <summary>A service's check that a session depends on.</summary>
/// <param name="Id">The check's id.</param>
public sealed record SessionServiceCheck([property: JsonPropertyName("ID")] string Id);
