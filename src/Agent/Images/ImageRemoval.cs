// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Images;

/// <summary>Which images of the node the agent may remove.</summary>
internal enum ImageRemoval
{
    /// <summary>Those that it has pulled itself, as long as nobody has given them a tag.</summary>
    Ours = 0,

    /// <summary>All that no container uses and the cluster does not keep, whoever brought them.</summary>
    All,

    /// <summary>None.</summary>
    Off,
}
