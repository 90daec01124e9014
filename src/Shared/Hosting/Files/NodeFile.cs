// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace ClusterManager.Hosting.Files;

/// <summary>
/// Who this machine is, in which cluster, and where the others are: <c>node.json</c>. Written by <c>init</c> and <c>join</c>, kept
/// current by
/// the agent, read by all processes at start. It holds no secret.
/// </summary>
/// <remarks>
/// Source-generated JSON hands <c>default</c> to an init property that a file does not mention and skips its initializer, so a default
/// other than that is put in place by the init accessor: a file of an older version stays readable.
/// </remarks>
public sealed record NodeFile
{
    private const string DefaultSocket = "/var/run/docker.sock";
    private const int DefaultPortFirst = 20000;
    private const int DefaultPortLast = 29999;

    /// <summary>The cluster this node belongs to; messages of any other are refused.</summary>
    public required string ClusterId { get; init; }

    /// <summary>The highest life of the cluster's state that an operator or <c>join</c> has confirmed; at least 1.</summary>
    public required long Incarnation { get; init; }

    /// <summary>The highest leadership term seen within <see cref="Incarnation"/>; 0 before the first.</summary>
    public long Term { get; init; }

    /// <summary>The highest state version seen within <see cref="Incarnation"/>; 0 before the first.</summary>
    public long Version { get; init; }

    /// <summary>The node's id: also the CN of its certificate.</summary>
    public required string NodeId { get; init; }

    /// <summary>The node's name: a DNS label, unique in the cluster; also Consul's node name.</summary>
    public required string NodeName { get; init; }

    /// <summary>The IP address by which the other machines reach this one.</summary>
    public required string AdvertiseAddress { get; init; }

    /// <summary>What runs on this machine. Every node is an agent; a manager is one besides.</summary>
    public required ImmutableArray<NodeRole> Roles { get; init; }

    /// <summary>The managers' addresses, <c>host:port</c>, as last learned; never empty after <c>init</c> or <c>join</c>.</summary>
    public required ImmutableArray<string> ManagerAddresses { get; init; }

    /// <summary>The Docker Engine's unix socket; <c>/var/run/docker.sock</c> unless set.</summary>
    public string DockerSocket { get; init => field = value ?? DefaultSocket; } = DefaultSocket;

    /// <summary>The first host port for allocations that ask for a port of their own; inclusive, 20000 unless set.</summary>
    public int PortRangeFirst { get; init => field = value == 0 ? DefaultPortFirst : value; } = DefaultPortFirst;

    /// <summary>The last of those ports; inclusive, 29999 unless set.</summary>
    public int PortRangeLast { get; init => field = value == 0 ? DefaultPortLast : value; } = DefaultPortLast;

    /// <summary>How to reach this node's own Consul agent.</summary>
    public required NodeConsulSettings Consul { get; init; }

    /// <summary>True when this machine runs a manager.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsManager => Roles.Contains(NodeRole.Manager);

    /// <summary>The sealed file at <see cref="ClusterPaths.NodeFile"/> (0600).</summary>
    public static SealedJsonFile<NodeFile> At(ClusterPaths paths, AtomicFiles? files = null) =>
        new(paths.NodeFile, NodeFileJson.Default.NodeFile, FileModes.Private, files);
}
