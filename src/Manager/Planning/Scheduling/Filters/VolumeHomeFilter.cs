// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Scheduling.Filters;

/// <summary>A service returns to where its named volumes are, and nowhere else: no empty volume ever takes their place.</summary>
internal sealed class VolumeHomeFilter : IPlacementFilter
{
    public Reason? Check(NodeCandidate node, PlacementRequest request)
    {
#if MUTANTS
        if (MutantSwitch.Is(Mutant.VolumeMoves)) return null;
#endif
        foreach (var home in request.Homes)
        {
            if (home.Node == node.Record.Id) continue;
            return home.IsReady
                ? new Reason(ReasonCode.VolumeHomeElsewhere, $"volume {home.Volume} has its home on {home.NodeName}")
                : new Reason(ReasonCode.VolumeHomeDown, $"volume {home.Volume} has its home on {home.NodeName}, which is away");
        }

        return null;
    }

    public bool CouldHold(NodeCandidate node, PlacementRequest request) => request.Homes.All(home => home.Node == node.Record.Id);
}
