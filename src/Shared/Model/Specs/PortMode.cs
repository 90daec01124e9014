// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Model;

/// <summary>How a port of the node is chosen.</summary>
public enum PortMode
{
    /// <summary>The same port on every node that runs a replica; two such replicas never share a node.</summary>
    Fixed = 1,

    /// <summary>A port of its own for each allocation, from the node's range.</summary>
    Dynamic = 2,
}
