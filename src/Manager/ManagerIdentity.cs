// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Persistence;
using ClusterManager.Model;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager;

/// <summary>Which manager this is.</summary>
/// <param name="Cluster">The only cluster it serves.</param>
/// <param name="Node">Its machine's node id.</param>
/// <param name="Name">Its machine's node name.</param>
/// <param name="Address">Where its API is reached, <c>host:port</c>.</param>
/// <param name="Incarnation">The newest life of the state that its disk knows: an older one is refused.</param>
internal sealed record ManagerIdentity(ClusterId Cluster, NodeId Node, string Name, string Address, long Incarnation)
{
    /// <summary>The port of the managers' API.</summary>
    public const int DefaultPort = 7443;

    /// <summary>What this manager writes into the lock.</summary>
    public byte[] LeadValue() =>
        StoredFormat.Encode(new V1.StoredLead { NodeId = Node.ToString(), Address = Address, Name = Name });
}
