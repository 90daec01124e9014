// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Scheduling.Filters;

/// <summary>A paused or drained node takes nothing new.</summary>
internal sealed class AvailabilityFilter : IPlacementFilter
{
    public Reason? Check(NodeCandidate node, PlacementRequest request) =>
#if MUTANTS
        MutantSwitch.Is(Mutant.PlaceOnDrained) ? null :
#endif
        node.Record.Availability switch
    {
        NodeAvailability.Paused => new Reason(ReasonCode.NodePaused, $"{node.Record.Name} is paused"),
        NodeAvailability.Drained => new Reason(ReasonCode.NodeDrained, $"{node.Record.Name} is drained"),
        _ => null,
    };

    public bool CouldHold(NodeCandidate node, PlacementRequest request) => true;
}
