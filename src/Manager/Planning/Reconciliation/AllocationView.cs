// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Reconciliation;

/// <summary>A wanted allocation as the planner sees it this turn.</summary>
internal sealed record AllocationView
{
    public required AllocationRecord Record { get; init; }

    /// <summary>What its agent last said in this term; null: nothing.</summary>
    public required AllocationObservation? Seen { get; init; }

    /// <summary>It runs what is wanted, where it may: nothing is to be done about it.</summary>
    public required bool IsCurrent { get; init; }

    /// <summary>Its node is lost: it is to be replaced.</summary>
    public required bool IsLost { get; init; }

    /// <summary>Its node is down, and the brake keeps it.</summary>
    public required bool IsBraked { get; init; }

    /// <summary>It serves, as far as anybody knows.</summary>
    public required bool IsAvailable { get; init; }

    /// <summary>From when on it counts as good, if nothing happens; null: it does not serve.</summary>
    public DateTimeOffset? GoodAt(ServiceDraft draft) => !IsAvailable ? null : Seen!.ChangedAt + (draft.Update.Monitor
        ?? (Seen.Health == HealthState.Healthy ? draft.Turn.Timings.SettleWithHealth : draft.Turn.Timings.SettleWithoutHealth));
}
