// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Planning.Scheduling;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Reconciliation;

/// <summary>One service while it is planned: its record as it becomes, its slots, its gaps, and when to look again.</summary>
internal sealed class ServiceDraft
{
    private readonly SortedDictionary<int, Scheduler> schedulers = [];
    private readonly ServiceRecord original;
    private DateTimeOffset? due;
    private int gaps;
    private Reason? gapReason;
    private ImmutableArray<NodeVerdict> gapNodes = [];

    public ServiceDraft(Turn turn, ServiceRecord service)
    {
        Turn = turn;
        Service = original = service;
        Editor = new SlotEditor(turn, service.Id);
    }

    public Turn Turn { get; }

    public ServiceRecord Service { get; set; }

    public RolloutRecord Rollout => Service.Rollout;

    public SlotEditor Editor { get; }

    public DateTimeOffset Now => Turn.Now;

    /// <summary>Some part did not fit the turn.</summary>
    public bool IsIncomplete { get; set; }

    /// <summary>Some allocation ended in this turn: what it held still counts until the next.</summary>
    public bool HasEndings { get; set; }

    /// <summary>The placement of a new replica found no node; null: none was sought, or it found one.</summary>
    public Reason? Unplaceable => gapReason;

    /// <summary>
    /// As <see cref="Unplaceable"/>, of a replica that runs the target: what a canary leaves at the old revision says nothing of the new
    /// one.
    /// </summary>
    public Reason? TargetGap { get; set; }

    public ImmutableSortedDictionary<int, RevisionRecord> Revisions => Turn.State.Revisions[Service.Id];

    /// <summary>
    /// The revision that replicas are to run: the rollout's, or the one before when it goes back; while the other colour is looked at, that
    /// colour's.
    /// </summary>
    public RevisionRecord Target => Standing ?? Wanted;

    /// <summary>The colour that is looked at beside the rollout's own; null: the rollout's own is.</summary>
    public RevisionRecord? Standing { get; set; }

    /// <summary>
    /// The colour that runs whole beside the rollout's own: the old one, before the switch and as long after it as it is kept; null: there
    /// is one colour only.
    /// </summary>
    public RevisionRecord? OtherColour => Rollout is { HasColours: true, IsGoingBack: false }
        && (IsRunning || (Rollout.State == RolloutState.Succeeded && Now < Rollout.KeepUntil)) ? From : null;

    /// <summary>The record is of the colour that is looked at; any is where there is one colour only.</summary>
    public bool IsOfColour(AllocationRecord record) => OtherColour is null
        || (Revisions.TryGetValue(record.Revision, out var own) && own.SameTemplate(Wanted)) == Standing is null;

    /// <summary>Replicas wanted of the colour that is looked at: of the old one as many as it had.</summary>
    public int Replicas => Standing is not null && Rollout.FromReplicas is { } before ? before : Service.Replicas;

    private RevisionRecord Wanted => Revisions[Rollout.WantedRevision];

    /// <summary>How replicas are to be replaced.</summary>
    public UpdatePolicy Update => Target.Spec.Update;

    public RevisionRecord? From => Revisions.GetValueOrDefault(Rollout.FromRevision);

    public bool IsRunning => Rollout.State == RolloutState.Running;

    /// <summary>The rollout's image is not on the nodes yet: nothing of what runs is touched for it, and nothing new starts.</summary>
    public bool IsWaitingForPulls { get; set; }

    /// <summary>What the target means is known, and its image is where it will be needed. A rollout acts from then on.</summary>
    public bool IsTargetReady => Target.Image is not null && !IsPulling && !WaitsForHook;

    /// <summary>
    /// The rollout's <c>pre_deploy</c> has not succeeded: nothing of its revision starts, while it runs and also when the rollout has ended
    /// by it and there is nothing to go back to.
    /// </summary>
    public bool WaitsForHook => Rollouts.DeployHooks.IsDue(this, HookKind.PreDeploy)
        && Rollout.PreDeploy is not { State: HookState.Succeeded };

    /// <summary>As <see cref="IsWaitingForPulls"/>, and the rollout still goes there.</summary>
    public bool IsPulling => IsWaitingForPulls && IsRunning && !Rollout.IsGoingBack;

    /// <summary>Slots that are to run the target while a canary's step holds back the others; null: all are.</summary>
    public SortedSet<int>? NewSlots { get; set; }

    /// <summary>
    /// What progress is counted of: -1 the pulls, -2 and -3 the hooks, else the canary's step, or how far the switch of colours is.
    /// </summary>
    public int Phase => Rollout.IsGoingBack ? int.MaxValue : IsPulling ? -1 : WaitsForHook ? -2
        : Rollout.PostDeploy is { State: HookState.Running } ? -3
        : Rollout.KeepUntil is not null ? 2 : Rollout.SwitchedAt is not null ? 1 : Rollout.Step;

    /// <summary>More replicas are stopped. Until an update acts those that there were may stay, and those that will be wanted.</summary>
    public int MostReplicas =>
        IsPreparing || Standing is not null ? Math.Max(Service.Replicas, Rollout.FromReplicas ?? 0) : Replicas;

    /// <summary>Fewer are filled up. Until an update acts none come that were not wanted before.</summary>
    public int LeastReplicas => IsPreparing ? Math.Min(Replicas, Rollout.FromReplicas ?? int.MaxValue) : Replicas;

    /// <summary>What has ended by its <c>pre_deploy</c> stays there: its number is touched no more than the rest of it.</summary>
    private bool IsPreparing => WaitsForHook || (IsRunning && !Rollout.IsGoingBack && !IsTargetReady && From?.Image is not null);

    public bool IsPaused => IsRunning && Rollout.IsPaused;

    /// <summary>A failed rollout left an older revision in place, which is what gaps are filled with.</summary>
    public bool FallsBack => Rollout.State == RolloutState.Failed && From is { Image: not null } from && !from.SameTemplate(Target);

    /// <summary>The revision that a new replica gets; null: its image is not known yet.</summary>
    /// <param name="inPlaceOf">The one that it replaces; null: it fills an empty slot.</param>
    /// <param name="slot">The slot that it fills, where that matters; null: that of <paramref name="inPlaceOf"/>, if any.</param>
    public RevisionRecord? RevisionFor(AllocationRecord? inPlaceOf, int? slot = null)
    {
        if (Standing is not null) return Standing;
        if (FallsBack) return inPlaceOf is null || IsCulprit(inPlaceOf) ? From : Revisions.GetValueOrDefault(inPlaceOf.Revision, From!);
        if (IsTargetReady) return IsNewSlot(slot ?? inPlaceOf?.Id.Slot) ? Target : HeldBack(inPlaceOf);
        if ((IsPulling || WaitsForHook) && inPlaceOf is not null) return Revisions.GetValueOrDefault(inPlaceOf.Revision, From!);
        return From?.Image is null ? null : From;
    }

    /// <summary>
    /// What a canary leaves behind: the revision before, if that has ever served; a bad one takes no place of what runs, only of nothing.
    /// </summary>
    private RevisionRecord? HeldBack(AllocationRecord? inPlaceOf) =>
        inPlaceOf is null || HasFromServed ? From : Revisions.GetValueOrDefault(inPlaceOf.Revision, From!);

    private bool HasFromServed => Service.HasServed(Rollout.FromRevision);

    /// <summary>The record is of the target, or of a revision whose containers would be the same.</summary>
    public bool IsOfTarget(AllocationRecord record) =>
        Revisions.TryGetValue(record.Revision, out var revision) && revision.SameTemplate(Target);

    /// <summary>The replica is of the revision that its slot is to run, at this step.</summary>
    public bool IsOfItsRevision(AllocationRecord record) => Revisions.TryGetValue(record.Revision, out var revision)
        && (IsNewSlot(record.Id.Slot) ? revision.SameTemplate(Target) : !HasFromServed || revision.SameTemplate(From!));

    /// <summary>The slot is to run the target; any slot is, unless a canary holds it back.</summary>
    public bool IsNewSlot(int? slot) => NewSlots is null || IsGoingBackOrOver || slot is null || NewSlots.Contains(slot.Value);

    private bool IsGoingBackOrOver => !IsRunning || Rollout.IsGoingBack;

    /// <summary>Its failure ended the newest rollout: what served before takes its place, the new one first if that can be.</summary>
    public bool IsCulprit(AllocationRecord record) => Rollout.State == RolloutState.Failed && record.Id == Rollout.Failed;

    /// <summary>Its agent is there and says that it does not serve: waiting for others first would protect nothing.</summary>
    public bool IsDead(AllocationRecord record) => !Turn.State.IsAvailable(record) && Turn.State.Observations.ContainsKey(record.Id)
        && Turn.NodeStateOf(record.Node) == NodeState.Ready && Now - record.CreatedAt > Turn.Timings.SettleWithoutHealth;

    public void LookAgain(DateTimeOffset at)
    {
        if (due is null || at < due) due = at;
    }

    /// <summary>The placement of one revision's replicas this turn. Made when first asked for.</summary>
    public Scheduler SchedulerFor(RevisionRecord revision)
    {
        if (schedulers.TryGetValue(revision.Number, out var scheduler)) return scheduler;
        var request = PlacementRequest.For(Turn.State, revision) with { IsUntold = Service.Untold.Contains(revision.Number) };
        return schedulers[revision.Number] = new Scheduler(Turn.Nodes, request, Spread(revision));
    }

    /// <summary>A volume found its home, or a node is avoided: what was computed no longer holds.</summary>
    public void ForgetSchedulers() => schedulers.Clear();

    public void AddGap(Reason reason, int count = 1, ImmutableArray<NodeVerdict> nodes = default)
    {
        if (Standing is not null && Rollout.KeepUntil is not null) return; // what is only kept is not missed
        gaps += count;
        if (gapReason is not null && nodes.IsDefaultOrEmpty) return;
        gapReason = reason;
        gapNodes = nodes.IsDefault ? [] : nodes;
    }

    /// <summary>Writes what has become of the service into the turn.</summary>
    public void Finish()
    {
        Editor.Flush();
        if (!ReferenceEquals(Service, original)) Turn.PutService(Service);
        SetGap();
        if (Editor.IsCutShort || IsIncomplete) Turn.HasLeftovers = true;
        else Turn.Dirty.Remove(Service.Id);
        if (due is { } at) Turn.Due[Service.Id] = at;
        else Turn.Due.Remove(Service.Id);
    }

    /// <summary>How many wanted replicas of the revision's template each node has: those about to be replaced do not count.</summary>
    private SortedDictionary<NodeId, int> Spread(RevisionRecord revision)
    {
        var counts = new SortedDictionary<NodeId, int>();
        foreach (var records in Editor.Slots.Values)
            foreach (var record in records)
                if (record is { IsWanted: true, IsToBeReplaced: false } && Revisions.TryGetValue(record.Revision, out var other)
                    && other.SameTemplate(revision))
                    counts[record.Node] = counts.GetValueOrDefault(record.Node) + 1;
        return counts;
    }

    private void SetGap()
    {
        var before = Turn.State.Gaps.GetValueOrDefault(Service.Id);
        if (gaps == 0 || gapReason is null)
        {
            if (before is not null) Turn.State = Turn.State with { Gaps = Turn.State.Gaps.Remove(Service.Id) };
            return;
        }

        var since = before?.Reason.Code == gapReason.Code ? before.Since : Now;
        var gap = new Unplaced { Count = gaps, Reason = gapReason, Since = since, Nodes = gapNodes };
        Turn.State = Turn.State with { Gaps = Turn.State.Gaps.SetItem(Service.Id, gap) };
    }
}
