// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Hosting.Security;

/// <summary>What the holder of a certificate is: the OU of its subject.</summary>
public enum PeerRole
{
    /// <summary>An agent; it may act for its own node only.</summary>
    Node,

    /// <summary>A manager; it serves the API and may forward a caller's identity.</summary>
    Manager,

    /// <summary>A person or a pipeline.</summary>
    Operator,
}
