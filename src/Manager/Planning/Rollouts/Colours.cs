// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Planning.Reconciliation;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Rollouts;

/// <summary>Which name leads to a replica. It follows from the service's record alone, so that one write of it switches
/// all replicas.</summary>
internal static class Colours
{
    /// <summary>The colour of an allocation, as its agent is told of it.</summary>
    public static Colour Of(ClusterState state, AllocationRecord allocation)
    {
        if (!state.Services.TryGetValue(allocation.Id.Service, out var service) || !service.Untold.Contains(allocation.Revision))
            return Colour.Told;
        return Waits(service.Rollout) && IsOf(state, allocation, service.Rollout.ToRevision) ? Colour.Green : Colour.Kept;
    }

    /// <summary>The new colour waits for the switch.</summary>
    public static bool Waits(RolloutRecord rollout) =>
        rollout is { State: RolloutState.Running, HasColours: true, IsGoingBack: false, SwitchedAt: null };

    /// <summary>The service's name leads to it, as its agent says; or nothing is published, and no name leads to any of them.</summary>
    public static bool IsReached(ServiceDraft draft, AllocationView view) =>
        draft.Revisions[view.Record.Revision].Spec.Ports.IsEmpty || view.Seen is { Registered: true };

    /// <summary>How the old colour is kept: as the newer of the two revisions says that has the strategy.</summary>
    public static TimeSpan KeptFor(ServiceDraft draft) =>
        (draft.Update.Strategy == UpdateStrategy.BlueGreen ? draft.Update : draft.From!.Spec.Update).KeepsOldFor;

    private static bool IsOf(ClusterState state, AllocationRecord allocation, int revision)
    {
        var revisions = state.Revisions[allocation.Id.Service];
        return revisions.TryGetValue(allocation.Revision, out var own) && revisions.TryGetValue(revision, out var other)
            && own.SameTemplate(other);
    }
}
