// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace ClusterManager.Consul.Provisioning;

/// <summary>
/// What differs between the Consul agents of a cluster; all else is the same everywhere and set by <see cref="ConsulConfiguration"/>.
/// </summary>
public sealed record ConsulAgentOptions
{
    /// <summary>The node's name in Consul, unique in the cluster.</summary>
    public required string NodeName { get; init; }

    /// <summary>Where the agent keeps its state; on a server, the cluster's.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>True for a member of the quorum. Default false.</summary>
    public bool IsServer { get; init; }

    /// <summary>
    /// How many servers the first election waits for; only on the servers that start together. Null (default) on every later one.
    /// </summary>
    public int? BootstrapExpect { get; init; }

    /// <summary>The address that the agent's own ports listen on. Default all.</summary>
    public string BindAddress { get; init; } = "0.0.0.0";

    /// <summary>The address that other machines reach this one by; null (default) means the bind address.</summary>
    public string? AdvertiseAddress { get; init; }

    /// <summary>Servers to join, "address" or "address:port"; tried until one answers. Default none.</summary>
    public ImmutableArray<string> RetryJoin { get; init; } = [];

    /// <summary>The gossip key, 32 bytes as base64; null (default) leaves gossip in the clear: for tests only.</summary>
    public string? GossipKey { get; init; }

    /// <summary>Certificates between agents and servers; null (default) leaves them in the clear: for tests only.</summary>
    public ConsulAgentTls? Tls { get; init; }

    /// <summary>Access control; null (default) lets everybody do everything: for tests only.</summary>
    public ConsulAgentAcl? Acl { get; init; }

    /// <summary>The addresses on which DNS answers; each must exist when the agent starts. Default 127.0.0.1.</summary>
    public ImmutableArray<string> DnsAddresses { get; init; } = ["127.0.0.1"];

    /// <summary>Name servers asked for names outside ".consul". Default none: such names are refused.</summary>
    public ImmutableArray<string> Recursors { get; init; } = [];

    /// <summary>The ports; the same on every machine, but in tests.</summary>
    public ConsulPorts Ports { get; init; } = new();

    /// <summary>The datacenter, part of the servers' certificates' name. Default "dc1".</summary>
    public string Datacenter { get; init; } = "dc1";

    /// <summary>trace, debug, info, warn or err. Default info.</summary>
    public string LogLevel { get; init; } = "info";

    /// <summary>Names the node only: the gossip key is a secret.</summary>
    public override string ToString() => $"Consul {(IsServer ? "server" : "client")} {NodeName}";
}
