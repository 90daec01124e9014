// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Model;

/// <summary>Which replica goes first when one takes another's place.</summary>
public enum UpdateOrder
{
    /// <summary>The new one first; the old one only where a port, a volume or the room allows nothing else.</summary>
    Auto = 1,

    /// <summary>The new one first, and never otherwise: where there is no room for both the rollout waits.</summary>
    StartFirst = 2,

    /// <summary>The old one first.</summary>
    StopFirst = 3,
}
