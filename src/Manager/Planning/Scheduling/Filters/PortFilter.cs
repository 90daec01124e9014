// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Scheduling.Filters;

/// <summary>Two allocations never hold the same fixed port on overlapping addresses of a node.</summary>
internal sealed class PortFilter : IPlacementFilter
{
    public Reason? Check(NodeCandidate node, PlacementRequest request)
    {
#if MUTANTS
        if (MutantSwitch.Is(Mutant.PlaceOnFull)) return null;
#endif
        foreach (var port in request.Spec.Ports.Where(port => port.Mode == PortMode.Fixed))
        {
            if (node.Usage.HolderOf(port) is not { } holder) continue;
            var what = $"port {port.Published}/{(port.Protocol == PortProtocol.Udp ? "udp" : "tcp")} of {node.Record.Name}";
            return holder.IsStopping ? new Reason(ReasonCode.ExclusiveHeld, $"{what} is held until {holder.Name} has stopped")
                : new Reason(ReasonCode.PortInUse, $"{what} is held by {holder.Name}");
        }

        return null;
    }

    public bool CouldHold(NodeCandidate node, PlacementRequest request) => true;
}
