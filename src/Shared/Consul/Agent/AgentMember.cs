// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;

namespace ClusterManager.Consul;

/// <summary>A machine in the gossip pool, as one agent sees it.</summary>
public sealed record AgentMember
{
    /// <summary>Its node's name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Its address.</summary>
    [JsonPropertyName("Addr")]
    public string Address { get; init; } = "";

    /// <summary>Its gossip port.</summary>
    public int Port { get; init; }

    /// <summary>How it is.</summary>
    public MemberStatus Status { get; init; }

    /// <summary>What it says of itself: "role" is "consul" for a server and "node" for a client.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init => field = value ?? EmptyMap.Strings; } = EmptyMap.Strings;

    /// <summary>True for a Consul server.</summary>
    [JsonIgnore]
    public bool IsServer => Tags.TryGetValue("role", out var role) && role == "consul";
}
