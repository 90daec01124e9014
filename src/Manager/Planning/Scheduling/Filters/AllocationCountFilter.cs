// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Scheduling.Filters;

/// <summary>A node has at most 200 live allocations.</summary>
internal sealed class AllocationCountFilter : IPlacementFilter
{
    public Reason? Check(NodeCandidate node, PlacementRequest request) => node.Usage.Allocations < EngineLimits.AllocationsPerNode
        ? null
        : new Reason(ReasonCode.NodeFull, $"{node.Record.Name} has {node.Usage.Allocations} allocations, as many as it may");

    public bool CouldHold(NodeCandidate node, PlacementRequest request) => true;
}
