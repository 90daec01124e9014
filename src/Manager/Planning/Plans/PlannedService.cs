// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Plans;

/// <summary>One service of a plan while its turns are played: what is done to it, and whether it has come to its end.</summary>
internal sealed class PlannedService(RequestOutcome outcome, ServiceRecord? existing, ClusterState before, DateTimeOffset begin)
{
    private readonly ActionRecorder recorder = new();
    private RevisionRecord? target;
    private ServiceRecord? last;
    private DateTimeOffset? endedAt;
    private Reason? impossible;

    /// <summary>The node that it is to leave; null: the plan is not about that.</summary>
    public Drain? Drain { get; init; }

    /// <summary>Nothing more happens to it that belongs to this change.</summary>
    public bool IsDone { get; private set; } = outcome.Change == ServiceChangeKind.Unchanged;

    /// <summary>Replicas that a turn looks at for it.</summary>
    public int Size => IsDone ? 0 : last?.Replicas ?? 0;

    /// <summary>Its name.</summary>
    public ServiceName Name => outcome.Name;

    /// <summary>Takes note of one turn.</summary>
    public void Take(ClusterState previous, StepResult result, DateTimeOffset now)
    {
        if (IsDone) return;
        if (result.State.Find(Name) is not { } service)
        {
            IsDone = outcome.Change == ServiceChangeKind.Removed;
            if (IsDone) endedAt = now;
            return;
        }

        last = service;
        if (service.Rollout.Number < outcome.Rollout) return; // its turn comes
        recorder.Take(previous, result, service.Id, now - begin);
        if (Drain is { } drain)
        {
            IsDone = drain.HasLeft(result.State, service.Id) || recorder.IsFull;
            if (IsDone) endedAt = now;
            return;
        }

        if (service.IsRemoving) return;
        target = result.State.Revisions[service.Id][service.Rollout.ToRevision];
        IsDone = HasEnded(result.State, service, now) || recorder.IsFull;
    }

    /// <summary>Its release goes back, or has ended before it was its turn: what follows does not belong to the change.</summary>
    public void GiveUp(ReleaseEntry release, DateTimeOffset now)
    {
        if (outcome.Change == ServiceChangeKind.Unchanged || impossible is not null) return;
        var isApplied = last is not null && last.Rollout.Number >= outcome.Rollout;
        if (release.State == ReleaseState.Failed && isApplied) return;
        IsDone = true;
        endedAt = now;
        impossible = new Reason(ReasonCode.ReleaseReturned, isApplied
            ? $"the release goes back as a whole: {release.Failed} fails" : $"its turn does not come: {release.Failed} fails before it");
    }

    /// <summary>What is known of it now.</summary>
    public ServicePlan Finish(ClusterState state, DateTimeOffset now)
    {
        if (Drain is { } drain) return Moved(drain, state);
        var revision = existing is null ? null : before.Revisions[existing.Id][existing.Revision];
        var isRemoval = outcome.Change == ServiceChangeKind.Removed;
        var isUnchanged = outcome.Change == ServiceChangeKind.Unchanged;
        return new ServicePlan
        {
            Name = Name,
            Change = outcome.Change,
            Before = revision,
            ReplicasBefore = existing?.Replicas ?? 0,
            After = isRemoval ? null : isUnchanged ? revision : target,
            ReplicasAfter = isRemoval ? 0 : isUnchanged ? existing?.Replicas ?? 0 : last?.Replicas ?? 0,
            Actions = [.. recorder.Actions],
            Order = isRemoval || target is null ? null : OrderReason.Of(recorder, target),
            Duration = isUnchanged ? TimeSpan.Zero : (endedAt ?? now) - begin,
            Impossible = impossible,
        };
    }

    private ServicePlan Moved(Drain drain, ClusterState state)
    {
        var revision = before.Revisions[existing!.Id][existing.Revision];
        // What stays has nothing more done to it after its last action.
        endedAt ??= begin + recorder.Actions.Select(action => action.At).DefaultIfEmpty().Max();
        return new ServicePlan
        {
            Name = Name,
            Change = outcome.Change,
            Before = revision,
            ReplicasBefore = existing.Replicas,
            After = revision,
            ReplicasAfter = existing.Replicas,
            Actions = [.. recorder.Actions],
            Order = OrderReason.Of(recorder, revision),
            Duration = endedAt.Value - begin,
            Impossible = IsDone || last is null ? null : drain.WhyNot(state, last),
        };
    }

    /// <summary>The verdict is given, and what was told to stop is gone. What fails is planned up to its failure.</summary>
    private bool HasEnded(ClusterState state, ServiceRecord service, DateTimeOffset now)
    {
        var rollout = service.Rollout;
        if (rollout.Number > outcome.Rollout) return true;
        if (rollout.IsGoingBack || rollout.State is not (RolloutState.Running or RolloutState.Succeeded))
        {
            endedAt = now;
            impossible = rollout.Reason ?? new Reason(ReasonCode.ProgressDeadline, "it would not end well");
            return true;
        }

        if (rollout.State == RolloutState.Running) return false;
        endedAt ??= now;
        if (!service.Untold.IsEmpty) return false; // the old colour is kept for a while, and goes then
        return state.Allocations.GetValueOrDefault(service.Id, SlotMap.Empty).BySlot.Values.SelectMany(records => records)
            .All(record => !record.IsLive || record.IsWanted || state.IsKept(record)
                || state.NodeObservations.GetValueOrDefault(record.Node)?.State != NodeState.Ready);
    }
}
