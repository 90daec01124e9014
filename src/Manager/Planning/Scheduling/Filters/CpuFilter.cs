// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Scheduling.Filters;

/// <summary>The reserved CPU fits what is not reserved yet.</summary>
internal sealed class CpuFilter : IPlacementFilter
{
    public Reason? Check(NodeCandidate node, PlacementRequest request) =>
        request.Spec.Resources.CpuReservationNano is { } needed && needed > node.FreeCpuNano
            ? new Reason(ReasonCode.NoCpu, $"needs {Amounts.Cores(needed)} CPUs; "
                + $"{node.Record.Name} has {Amounts.Cores(node.FreeCpuNano)} of {Amounts.Cores(node.Record.Facts?.CpuNano ?? 0)} free")
            : null;

    public bool CouldHold(NodeCandidate node, PlacementRequest request) =>
        node.Record.Facts is null || (request.Spec.Resources.CpuReservationNano ?? 0) <= node.Record.Facts.CpuNano;
}
