// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Scheduling.Filters;

/// <summary>A node where the service failed just now is left alone for a while.</summary>
internal sealed class RecentFailureFilter : IPlacementFilter
{
    public Reason? Check(NodeCandidate node, PlacementRequest request) => request.Avoided.ContainsKey(node.Record.Id)
        ? new Reason(ReasonCode.FailedHere, $"its port was taken on {node.Record.Name} just now")
        : null;

    public bool CouldHold(NodeCandidate node, PlacementRequest request) => true;
}
