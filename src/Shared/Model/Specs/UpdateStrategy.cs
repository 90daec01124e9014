// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Model;

/// <summary>In which shape a new revision takes the place of the old one.</summary>
public enum UpdateStrategy
{
    /// <summary>One replica after the other, or so many at once.</summary>
    Rolling = 1,

    /// <summary>In steps: so many replicas, held and looked at, then more.</summary>
    Canary = 2,

    /// <summary>All of the new one beside the old one, then one switch of the name, and the old one is kept for a while.</summary>
    BlueGreen = 3,
}
