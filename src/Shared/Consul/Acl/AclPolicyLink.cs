// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;

namespace ClusterManager.Consul;

/// <summary>A policy that a token carries.</summary>
/// <param name="Name">The policy's name.</param>
/// <param name="Id">Its id; null when it is named instead.</param>
public sealed record AclPolicyLink(string Name, [property: JsonPropertyName("ID")] string? Id = null);
