// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Scheduling.Filters;

/// <summary>An agent that knows no hooks gets none. What an agent that is away knows is seen when it is back.</summary>
internal sealed class HookFilter : IPlacementFilter
{
    public Reason? Check(NodeCandidate node, PlacementRequest request) => CouldHold(node, request) ? null
        : new Reason(ReasonCode.AgentTooOld, $"the agent of {node.Record.Name} is too old to run hooks");

    public bool CouldHold(NodeCandidate node, PlacementRequest request) => !request.IsHook || !node.KnowsNoHooks;
}
