// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Manager.Planning.Plans;

/// <summary>What a planned action does.</summary>
public enum PlannedActionKind
{
    /// <summary>A replica is placed on a node.</summary>
    Place = 1,

    /// <summary>A replica is drained and stopped.</summary>
    Stop = 2,
}
