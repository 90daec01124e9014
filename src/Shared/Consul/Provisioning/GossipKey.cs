// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;

namespace ClusterManager.Consul.Provisioning;

/// <summary>The secret that all agents of a cluster encrypt their gossip with.</summary>
public static class GossipKey
{
    /// <summary>Makes a new one: 32 random bytes as base64.</summary>
    public static string Create() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
}
