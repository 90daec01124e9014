// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Scheduling.Filters;

/// <summary>
/// A replica to which the service's name is not to lead goes only where the agent understands that: an older one would tell of it.
/// </summary>
internal sealed class ColourFilter : IPlacementFilter
{
    public Reason? Check(NodeCandidate node, PlacementRequest request) => !request.IsUntold || node.KnowsColours ? null
        : new Reason(ReasonCode.NodeNotReady, $"the agent of {node.Record.Name} is too old for a second colour");

    public bool CouldHold(NodeCandidate node, PlacementRequest request) => true;
}
