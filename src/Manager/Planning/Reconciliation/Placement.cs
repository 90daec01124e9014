// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Planning.Scheduling;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Reconciliation;

/// <summary>Places one replica in a slot, or notes the gap.</summary>
internal static class Placement
{
    /// <summary>Places a replica on the best node, or on the given one.</summary>
    /// <param name="draft">The service.</param>
    /// <param name="slot">The slot to fill.</param>
    /// <param name="lost">The allocation on a lost node that it replaces; it becomes Lost in the same commit. Null: none.</param>
    /// <param name="only">The only node in question (global services); null: any.</param>
    /// <returns>False when no node takes it (a gap is noted) or the turn is full.</returns>
    public static bool TryPlace(ServiceDraft draft, int slot, AllocationRecord? lost = null, NodeId? only = null)
    {
        if (draft.RevisionFor(lost, slot) is not { } revision)
        {
            draft.AddGap(ImageGap(draft));
            return false;
        }

        var scheduler = draft.SchedulerFor(revision);
        var node = only is not { } wanted ? scheduler.Best() : scheduler.Fits(wanted) ? wanted : null;
        if (node is not { } chosen)
        {
#if MUTANTS
            if (MutantSwitch.Is(Mutant.LostWithoutReplacement) && lost is not null) draft.Editor.TryUpdate(AsLost(draft, lost));
#endif
            NoteGap(draft, scheduler, only, revision);
            return false;
        }

        if (!TryGiveVolumesAHome(draft, revision.Spec, chosen)) return false;
        if (!draft.Editor.TryAdd(slot, chosen, revision.Number, lost is null ? null : AsLost(draft, lost))) return false;
        scheduler.Take(chosen, $"{draft.Service.Name.Display}.{slot}");
        return true;
    }

    /// <summary>
    /// The slot's old replica is stopping, and the new one can not come before it has ended: it uses the same volume, or only the old one's
    /// place has room.
    /// </summary>
    public static bool WaitsForStop(ServiceDraft draft, SlotView slot, NodeId? only)
    {
        if (!slot.IsStopping || draft.RevisionFor(null, slot.Slot) is not { } revision) return false;
        if (revision.Spec.NamedVolumes().Any()) return true;
        var scheduler = draft.SchedulerFor(revision);
        return only is { } node ? !scheduler.Fits(node) : scheduler.IsFull;
    }

    private static AllocationRecord AsLost(ServiceDraft draft, AllocationRecord lost) => lost with
    {
        Desired = DesiredState.Remove,
        Ended = AllocationState.Lost,
        EndedAt = draft.Now,
        Reason = new Reason(ReasonCode.NodeDown, $"{draft.Turn.NodeName(lost.Node)} was lost"),
    };

    /// <summary>Notes that no node takes one more replica, and why.</summary>
    internal static void NoteGap(ServiceDraft draft, Scheduler scheduler, NodeId? only, RevisionRecord revision)
    {
        var isOfTarget = draft.Standing is null && (draft.NewSlots is null || revision.Number == draft.Target.Number);
        if ((isOfTarget ? draft.TargetGap : draft.Unplaceable) is { } known)
        {
            draft.AddGap(known);
            return;
        }

        var verdicts = scheduler.Verdicts();
        if (only is { } node) verdicts = [.. verdicts.Where(verdict => verdict.Node == node)];
        var anyReady = draft.Turn.State.NodeObservations.Values.Any(seen => seen.State == NodeState.Ready);
        var reason = only is null ? PlacementSummary.Of(scheduler, verdicts, anyReady)
            : new Reason(ReasonCode.NoNodeFreeNow, verdicts.IsEmpty ? "the node is gone" : verdicts[0].Reason?.Text ?? "");
        draft.AddGap(reason, 1, verdicts);
        if (isOfTarget) draft.TargetGap = reason;
    }

    private static Reason ImageGap(ServiceDraft draft) => draft.Rollout is { State: RolloutState.Failed, Reason: { } reason } ? reason
        : draft.Target.Image is not null ? new Reason(ReasonCode.WaitsForHook, "pre_deploy has not succeeded yet")
        : new Reason(ReasonCode.ImageBeingResolved, $"image {draft.Target.Spec.Container.Image} is being looked up");

    private static bool TryGiveVolumesAHome(ServiceDraft draft, ServiceSpec spec, NodeId node)
    {
        var homeless = spec.NamedVolumes().Where(name => !HasHome(draft.Turn.State, spec.Name.Stack, name)).ToList();
        if (homeless.Count == 0) return true;
        if (!draft.Turn.Budget.HasRoom(homeless.Count + 6, (homeless.Count * 300) + 16384))
        {
            draft.IsIncomplete = true;
            return false;
        }

        foreach (var name in homeless)
            draft.Turn.PutVolume(new VolumeRecord { Stack = spec.Name.Stack, Name = name, Home = node, CreatedAt = draft.Now });
        draft.ForgetSchedulers();
        return true;
    }

    private static bool HasHome(ClusterState state, string stack, string name) =>
        state.Volumes.TryGetValue(ClusterStateBuilder.VolumeKey(stack, name), out var volume) && state.Nodes.ContainsKey(volume.Home);
}
