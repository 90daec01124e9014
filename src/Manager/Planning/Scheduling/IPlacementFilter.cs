// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.State;

namespace ClusterManager.Manager.Planning.Scheduling;

/// <summary>One rule of placement.</summary>
internal interface IPlacementFilter
{
    /// <summary>Why the node can not take the replica now, with numbers; null: the rule holds.</summary>
    Reason? Check(NodeCandidate node, PlacementRequest request);

    /// <summary>The rule could hold later without anybody changing the service, the node's labels or its size.</summary>
    bool CouldHold(NodeCandidate node, PlacementRequest request);
}
