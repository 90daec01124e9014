// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.State;

namespace ClusterManager.Manager.Planning.Reconciliation;

/// <summary>One slot of a service as the planner sees it this turn.</summary>
internal sealed class SlotView
{
    public required int Slot { get; init; }

    /// <summary>Live and wanted, oldest first: usually one, two while the new one comes and the old one goes.</summary>
    public List<AllocationView> Wanted { get; } = [];

    /// <summary>One that was told to stop has not ended yet, on a node that is not lost.</summary>
    public bool IsStopping { get; set; }

    /// <summary>
    /// Its newest allocation ended by itself and is not to be followed by another; null: it lives or is missing. An older one may still
    /// run.
    /// </summary>
    public AllocationRecord? Done { get; set; }

    /// <summary>The slot has its replica: living or done.</summary>
    public bool IsOccupied => Wanted.Count > 0 || Done is not null;

    public AllocationView? Current => Wanted.FindLast(view => view is { IsCurrent: true, IsLost: false });

    public IEnumerable<AllocationView> Outdated => Wanted.Where(view => !view.IsCurrent);
}
