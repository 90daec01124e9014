// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;

namespace ClusterManager.Consul;

/// <summary>A member of the servers' quorum.</summary>
public sealed record RaftServer
{
    /// <summary>Its node's id.</summary>
    [JsonPropertyName("ID")]
    public string Id { get; init; } = "";

    /// <summary>Its node's name; "(unknown)" when gossip has forgotten it.</summary>
    public string Node { get; init; } = "";

    /// <summary>Its address and server port.</summary>
    public string Address { get; init; } = "";

    /// <summary>True for the leader.</summary>
    public bool Leader { get; init; }

    /// <summary>False while it may not vote yet.</summary>
    public bool Voter { get; init; }
}
