// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Reconciliation;

/// <summary>How many replicas may be under way at once, and how many of them may be missing by our own act.</summary>
internal sealed class UpdatePace
{
    private readonly ServiceDraft draft;
    private readonly IReadOnlyCollection<SlotView> slots;
    private readonly int atOnce;

    public UpdatePace(ServiceDraft draft, IReadOnlyCollection<SlotView> slots)
    {
        this.draft = draft;
        this.slots = slots;
        atOnce = draft.Update.AtOnce(draft.Target.Spec.IsGlobal() ? slots.Count : draft.Replicas);
    }

    /// <summary>Replacements that are not good yet, those begun in this turn among them.</summary>
    public int UnderWay { get; set; }

    /// <summary>One more may begin now: there are fewer under way than may be, and the rest after a batch is over.</summary>
    public bool MayBegin => UnderWay < atOnce && IsRested();

    /// <summary>
    /// Old ones that may be gone before their new ones serve: one, where it is not the user's wish that they go first.
    /// </summary>
    private int MissingAllowed => draft.Update.Order == UpdateOrder.StopFirst ? atOnce : 1;

    /// <summary>
    /// We never stop what serves unless enough of the others serve. On a global service's node nobody else could take its place: there it
    /// is enough that not too many are under way.
    /// </summary>
    public bool MayStop(SlotView leaving) => draft.Target.Spec.IsGlobal() ? UnderWay < MissingAllowed
        : slots.Count(slot => slot != leaving && (slot.Done is not null || slot.Wanted.Exists(view => view.IsAvailable)))
            >= draft.Replicas - MissingAllowed;

    private bool IsRested()
    {
        var delay = draft.Update.Delay;
        if (delay == TimeSpan.Zero || !draft.IsRunning || draft.Rollout.IsGoingBack) return true;
        // A batch is begun in one turn: what is of this turn belongs to it.
        if (UnderWay > 0) return HasBegun;
        var rested = slots.Where(slot => slot.Current?.Record.CreatedAt >= draft.Rollout.StartedAt)
            .Max(slot => slot.Current!.GoodAt(draft)) + delay;
        if (rested is null || draft.Now >= rested)
        {
            HasBegun = true;
            return true;
        }

        draft.LookAgain(rested.Value);
        return false;
    }

    private bool HasBegun { get; set; }
}
