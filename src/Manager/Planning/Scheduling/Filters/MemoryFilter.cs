// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Scheduling.Filters;

/// <summary>The reserved memory fits what is not reserved yet.</summary>
internal sealed class MemoryFilter : IPlacementFilter
{
    public Reason? Check(NodeCandidate node, PlacementRequest request) =>
#if MUTANTS
        MutantSwitch.Is(Mutant.PlaceOnFull) ? null :
#endif
        request.Spec.Resources.MemoryReservationBytes is { } needed && needed > node.FreeMemoryBytes
            ? new Reason(ReasonCode.NoMemory, $"needs {Amounts.Bytes(needed)}; "
                + $"{node.Record.Name} has {Amounts.Bytes(node.FreeMemoryBytes)} of "
                + $"{Amounts.Bytes(node.Record.Facts?.MemoryBytes ?? 0)} free")
            : null;

    public bool CouldHold(NodeCandidate node, PlacementRequest request) =>
        node.Record.Facts is null || (request.Spec.Resources.MemoryReservationBytes ?? 0) <= node.Record.Facts.MemoryBytes;
}
