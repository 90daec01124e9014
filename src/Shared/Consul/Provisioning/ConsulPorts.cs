// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Consul.Provisioning;

/// <summary>An agent's ports.</summary>
public sealed record ConsulPorts
{
    /// <summary>Names, UDP and TCP. Default 8600.</summary>
    public int Dns { get; init; } = 8600;

    /// <summary>The HTTP API, on 127.0.0.1 only. Default 8500.</summary>
    public int Http { get; init; } = 8500;

    /// <summary>Servers' RPC and raft. A client names the servers' port here too, to fetch its certificate. Default 8300.</summary>
    public int Server { get; init; } = 8300;

    /// <summary>Gossip, UDP and TCP. Default 8301.</summary>
    public int SerfLan { get; init; } = 8301;
}
