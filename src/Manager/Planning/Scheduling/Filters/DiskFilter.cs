// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Scheduling.Filters;

/// <summary>
/// A node whose disk is nearly full takes nothing new: the next image or log line could be the one that stops everything there.
/// </summary>
internal sealed class DiskFilter : IPlacementFilter
{
    public Reason? Check(NodeCandidate node, PlacementRequest request) => node.Disk is { IsPressed: true } disk
        ? new Reason(ReasonCode.DiskPressure, $"{node.Record.Name}'s disk is nearly full: "
            + $"{Amounts.Bytes(disk.FreeBytes)} of {Amounts.Bytes(disk.SizeBytes)} free")
        : null;

    public bool CouldHold(NodeCandidate node, PlacementRequest request) => true;
}
