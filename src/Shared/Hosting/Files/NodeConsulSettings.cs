// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Hosting.Files;

/// <summary>Where this node's own Consul agent answers.</summary>
public sealed record NodeConsulSettings
{
    /// <summary>The HTTP API, on loopback unless an existing Consul is used.</summary>
    public string HttpAddress { get; init; } = "http://127.0.0.1:8500";

    /// <summary>The UDP and TCP port of its DNS on loopback; 1 to 65535.</summary>
    public int DnsPort { get; init; } = 8600;

    /// <summary>Consul's datacenter.</summary>
    public string Datacenter { get; init; } = "dc1";

    /// <summary>The file (0600) with the ACL token of this node's processes, absolute; null when the Consul has no ACLs.</summary>
    public string? TokenFile { get; init; }

    /// <summary>True when we configured and run this Consul; false when <c>--consul</c> named one that ran already.</summary>
    public bool Managed { get; init; } = true;
}
