// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace ClusterManager.Cli.Bootstrap;

/// <summary>What <c>init</c> and <c>join</c> ask of the machine they run on.</summary>
internal sealed record MachineOptions
{
    /// <summary>The node's name: a DNS label.</summary>
    public required string Name { get; init; }

    /// <summary>IP address by which the other machines reach this one.</summary>
    public required string Advertise { get; init; }

    /// <summary>Null: CLUSTER_HOME, else /var/lib/cluster.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>The engine's socket.</summary>
    public string DockerSocket { get; init; } = "/var/run/docker.sock";

    /// <summary>Consul's binary; null: CONSUL_BIN, else PATH.</summary>
    public string? ConsulBinary { get; init; }

    /// <summary>Labels of the node.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = Model.Maps.Empty;

    /// <summary>First port of the range for dynamic ports.</summary>
    public int PortRangeFirst { get; init; } = 20000;

    /// <summary>Last port of it.</summary>
    public int PortRangeLast { get; init; } = 29999;
}
