// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Model;

/// <summary>Transport of a port.</summary>
public enum PortProtocol
{
    /// <summary>TCP.</summary>
    Tcp = 1,

    /// <summary>UDP.</summary>
    Udp = 2,
}
