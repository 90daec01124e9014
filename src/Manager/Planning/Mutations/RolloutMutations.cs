// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Planning.Recovery;
using ClusterManager.Manager.Planning.Rollouts;
using ClusterManager.Manager.Planning.Tracking;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Mutations;

/// <summary>What operators order of rollouts: to an older revision, a pause, the end of a pause, an abort.</summary>
internal static class RolloutMutations
{
    public static MutationResult RollBack(Turn turn, ClusterEvent.RollBackService order)
    {
        if (Refuse(turn, order.Name) is { } refused) return refused;
        var service = turn.State.Find(order.Name)!;
        var revisions = turn.State.Revisions[service.Id];
        var to = order.ToRevision != 0 ? order.ToRevision : RevisionBefore(turn, service);
        if (to == 0)
            return Refusals.Conflict($"no other revision of {order.Name.Display} has served: there is nothing to go back to");
        if (!revisions.TryGetValue(to, out var revision))
            return new MutationResult.Refused(RefusalKind.NotFound,
                $"revision {to} of {order.Name.Display} is not kept: {string.Join(", ", revisions.Keys)} are", []);
        if (StackRollback.IsThere(service, to)) return Refusals.Accepted(ServiceMutations.Outcome(service, ServiceChangeKind.Unchanged));
        return Written(turn, Back(turn, service, revision, order.Deadline, order.Origin.Actor), ServiceChangeKind.Updated);
    }

    /// <summary>The service with a rollout to one of its kept revisions.</summary>
    internal static ServiceRecord Back(Turn turn, ServiceRecord service, RevisionRecord revision, TimeSpan? deadline, string actor)
    {
        var limit = deadline ?? revision.Spec.ProgressDeadline;
        var begun = ServiceChange.Begin(service, revision.Number, limit, turn.Now, actor) with { Revision = revision.Number };
        var left = turn.State.Revisions[service.Id].GetValueOrDefault(service.Revision);
        begun = TrackingNotes.LeftByHand(begun, left, revision, turn.Now);
        // Who goes back by hand wants it back now, and not step by step.
        return begun with { Rollout = begun.Rollout with { IsPromoted = true } };
    }

    public static MutationResult Control(Turn turn, ClusterEvent.ControlRollout control)
    {
        if (Refuse(turn, control.Name) is { } refused) return refused;
        var service = turn.State.Find(control.Name)!;
        var (name, rollout) = (control.Name.Display, service.Rollout);
        if (control.ExpectedRollout != 0 && control.ExpectedRollout != rollout.Number)
            return Refusals.Conflict($"rollout {control.ExpectedRollout} of {name} is not the newest: that is {rollout.Number}");
        if (rollout.State != RolloutState.Running)
            return Refusals.Conflict($"no rollout of {name} is under way: rollout {rollout.Number} has ended");
        return control.Order switch
        {
            RolloutOrder.Pause => Paused(turn, service, isPaused: true),
            RolloutOrder.Resume => Paused(turn, service, isPaused: false),
            RolloutOrder.Abort => Abort(turn, service, control.Origin.Actor),
            RolloutOrder.Promote or RolloutOrder.Approve => CanaryOrders.Give(turn, service, control.Order),
            _ => Refusals.Invalid("pause, resume, abort, promote or approve can be ordered"),
        };
    }

    private static MutationResult.Accepted Paused(Turn turn, ServiceRecord service, bool isPaused)
    {
        if (service.Rollout.IsPaused == isPaused) return Refusals.Accepted(ServiceMutations.Outcome(service, ServiceChangeKind.Unchanged));
        var changed = service with { Rollout = service.Rollout with { IsPaused = isPaused } };
        // A canary's hold, and with it the time that its gates have, begins anew.
        if (!isPaused) changed = changed with { Rollout = changed.Rollout with { StepReachedAt = null } };
        return Written(turn, changed, ServiceChangeKind.Metadata);
    }

    /// <summary>Where there is nothing to go back to, it has ended with that: what runs of it stays as it is.</summary>
    private static MutationResult Abort(Turn turn, ServiceRecord service, string actor)
    {
        var rollout = service.Rollout;
        if (rollout.IsGoingBack)
            return Refusals.Conflict($"rollout {rollout.Number} of {service.Name.Display} is on its way back to revision "
                + $"{rollout.FromRevision} already");
        var aborted = service with
        {
            Rollout = rollout with { IsAborted = true, IsPaused = false, Reason = new Reason(ReasonCode.Halted, $"aborted by {actor}") },
        };
        if (RolloutReturn.IsPossible(service, turn.State.Revisions[service.Id])) aborted = RolloutReturn.Begun(aborted);
        else
        {
            var ended = aborted with { Rollout = aborted.Rollout with { State = RolloutState.Aborted, EndedAt = turn.Now } };
            aborted = RevisionVerdicts.Noted(ended, turn.Now);
        }

        return Written(turn, aborted, ServiceChangeKind.Updated);
    }

    /// <summary>The deadline begins anew with what was ordered.</summary>
    internal static MutationResult.Accepted Written(Turn turn, ServiceRecord service, ServiceChangeKind kind)
    {
        turn.Memory = turn.Memory with { Progress = turn.Memory.Progress.Remove(service.Id) };
        turn.PutService(service);
        turn.Dirty.Add(service.Id);
        return Refusals.Accepted(ServiceMutations.Outcome(service, kind));
    }

    /// <summary>What served before the present revision, else the newest older one that ever did; 0: none.</summary>
    private static int RevisionBefore(Turn turn, ServiceRecord service)
    {
        var revisions = turn.State.Revisions[service.Id];
        var from = service.Rollout.FromRevision;
        if (from != service.Revision && IsKeptAndServed(from)) return from;
        return revisions.Keys.Where(number => number < service.Revision && IsKeptAndServed(number)).DefaultIfEmpty().Max();

        bool IsKeptAndServed(int number) => revisions.ContainsKey(number) && service.HasServed(number);
    }

    private static MutationResult.Refused? Refuse(Turn turn, ServiceName name)
    {
        if (turn.State.Find(name) is not { } service) return Refusals.NoService(turn.State, name);
        if (service.IsRemoving) return Refusals.Conflict($"service {name.Display} is being removed");
        return UnconfirmedNodes.Refusal(turn.State, service.Id) is { } waits ? Refusals.Conflict(waits) : null;
    }
}
