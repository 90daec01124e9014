// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Manager.State;

/// <summary>
/// The one run of a hook in a rollout, stored with it: written in the commit that places the hook's allocation, so that no leader begins it
/// twice, and with its outcome in the commit that takes note of its end.
/// </summary>
public sealed record HookRun
{
    /// <summary>Its allocation, in the slot of its kind (<see cref="HookSlot"/>).</summary>
    public required AllocationId Id { get; init; }

    /// <summary>Name of the node where it was placed.</summary>
    public required string Node { get; init; }

    /// <summary>When it was placed.</summary>
    public required DateTimeOffset BegunAt { get; init; }

    /// <summary>When its end was known; null: it is not.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How it stands.</summary>
    public HookState State { get; init; } = HookState.Running;

    /// <summary>Why it failed; null: it did not.</summary>
    public Reason? Reason { get; init; }

    /// <summary>Which hook.</summary>
    public HookKind Kind => HookSlot.KindOf(Id.Slot);
}
