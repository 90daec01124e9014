// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Manager.Persistence;

/// <summary>The secrets that the state keeps, sealed by the cluster key. The key in Consul is the associated data.</summary>
internal static class SecretNames
{
    /// <summary>The private key of the cluster's CA.</summary>
    public const string CaKey = "ca-key";

    /// <summary>The private key of Consul's CA.</summary>
    public const string ConsulCaKey = "consul-ca-key";

    /// <summary>Consul's gossip key.</summary>
    public const string GossipKey = "gossip-key";

    /// <summary>Consul's management token.</summary>
    public const string ConsulManagementToken = "consul-management-token";
}
