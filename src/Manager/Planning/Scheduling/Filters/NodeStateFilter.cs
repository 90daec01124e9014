// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Scheduling.Filters;

/// <summary>Only a ready node takes allocations.</summary>
internal sealed class NodeStateFilter : IPlacementFilter
{
    public Reason? Check(NodeCandidate node, PlacementRequest request) => node.State switch
    {
        NodeState.Ready => null,
        NodeState.Down => new Reason(ReasonCode.NodeDown, $"{node.Record.Name} is down"),
        NodeState.EngineDown => new Reason(ReasonCode.NodeEngineDown, $"the engine of {node.Record.Name} does not answer"),
        _ => new Reason(ReasonCode.NodeNotReady, $"the agent of {node.Record.Name} is away"),
    };

    public bool CouldHold(NodeCandidate node, PlacementRequest request) => true;
}
