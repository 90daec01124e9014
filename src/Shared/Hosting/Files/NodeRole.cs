// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;

namespace ClusterManager.Hosting.Files;

/// <summary>What a machine does in its cluster.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<NodeRole>))]
public enum NodeRole
{
    /// <summary>Runs allocations.</summary>
    Agent,

    /// <summary>Serves the API and may lead.</summary>
    Manager,

    /// <summary>Its Consul agent is a server.</summary>
    ConsulServer,
}
