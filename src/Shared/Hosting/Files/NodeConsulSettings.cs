// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Hosting.Files;

/// <summary>Where this node's own Consul agent answers.</summary>
/// <remarks>Defaults stand in the init accessors for the reason given at <see cref="NodeFile"/>.</remarks>
public sealed record NodeConsulSettings
{
    private const string DefaultHttpAddress = "http://127.0.0.1:8500";
    private const int DefaultDnsPort = 8600;
    private const string DefaultDatacenter = "dc1";

    /// <summary>The HTTP API, on loopback unless an existing Consul is used.</summary>
    public string HttpAddress { get; init => field = value ?? DefaultHttpAddress; } = DefaultHttpAddress;

    /// <summary>The UDP and TCP port of its DNS on loopback; 1 to 65535.</summary>
    public int DnsPort { get; init => field = value == 0 ? DefaultDnsPort : value; } = DefaultDnsPort;

    /// <summary>Consul's datacenter.</summary>
    public string Datacenter { get; init => field = value ?? DefaultDatacenter; } = DefaultDatacenter;

    /// <summary>The file (0600) with the ACL token of this node's processes, absolute; null when the Consul has no ACLs.</summary>
    public string? TokenFile { get; init; }

    /// <summary>True when <c>--consul</c> named one that ran already; false when we configured and run it.</summary>
    public bool IsExternal { get; init; }
}
