// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Agent.Node;

/// <summary>Who this machine is in which cluster; fixed while the process runs.</summary>
/// <param name="Cluster">The cluster.</param>
/// <param name="Id">The node.</param>
/// <param name="Name">The node's name, also in Consul.</param>
/// <param name="AdvertiseAddress">Where other nodes reach published ports.</param>
internal sealed record NodeIdentity(ClusterId Cluster, NodeId Id, string Name, string AdvertiseAddress);
