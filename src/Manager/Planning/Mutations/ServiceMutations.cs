// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Planning.Recovery;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Mutations;

/// <summary>Create, change, scale and remove services. What they do to containers is planned afterwards.</summary>
internal static class ServiceMutations
{
    public static MutationResult Apply(Turn turn, ClusterEvent.ApplyService apply)
    {
        var spec = apply.Spec.Spec;
        if (ServiceChange.Refuse(turn.State, spec) is { } refused) return refused;
        var existing = turn.State.Find(spec.Name);
        if (apply.Expect == ApplyExpectation.Absent && existing is not null)
            return Refusals.Conflict($"service {spec.Name.Display} exists already");
        if (apply.Expect == ApplyExpectation.Revision)
        {
            if (existing is null) return Refusals.NoService(turn.State, spec.Name);
            if (existing.Revision != apply.ExpectedRevision)
                return Refusals.Conflict(
                    $"service {spec.Name.Display} is at revision {existing.Revision}, not {apply.ExpectedRevision}: look at it again");
        }

        var change = ServiceChange.Of(turn.State, apply.Spec, apply.Force);
        return Refusals.Accepted(change.Commit(turn, apply.Spec, apply.Origin.Actor));
    }

    public static MutationResult Scale(Turn turn, ClusterEvent.ScaleServices scale)
    {
        if (scale.Targets.Length > EngineLimits.ServicesPerMutation) return TooMany(scale.Targets.Length);
        foreach (var (name, replicas) in scale.Targets)
        {
            if (turn.State.Find(name) is not { } service) return Refusals.NoService(turn.State, name);
            if (service.IsRemoving) return Refusals.Conflict($"service {name.Display} is being removed");
            if (UnconfirmedNodes.Refusal(turn.State, service.Id) is { } waits) return Refusals.Conflict(waits);
            if (turn.State.Revisions[service.Id][service.Revision].Spec.IsGlobal())
                return Refusals.Invalid($"service {name.Display} is global: it has one replica on each node that fits");
            if (replicas is < 0 or > EngineLimits.ReplicasPerService)
                return Refusals.Invalid($"{name.Display}={replicas}: 0 to {EngineLimits.ReplicasPerService} replicas are allowed");
        }

        return Refusals.Accepted([.. scale.Targets.Select(target => ScaleOne(turn, target.Name, target.Replicas, scale))]);
    }

    public static MutationResult Remove(Turn turn, ClusterEvent.RemoveServices remove)
    {
        if (remove.Names.Length > EngineLimits.ServicesPerMutation) return TooMany(remove.Names.Length);
        foreach (var name in remove.Names)
        {
            if (turn.State.Find(name) is not { } service) return Refusals.NoService(turn.State, name);
            if (UnconfirmedNodes.Refusal(turn.State, service.Id) is { } waits) return Refusals.Conflict(waits);
        }

        return Refusals.Accepted([.. remove.Names.Select(name => RemoveOne(turn, turn.State.Find(name)!, remove.Origin.Actor))]);
    }

    /// <summary>Marks a service for removal; the same again changes nothing.</summary>
    internal static RequestOutcome RemoveOne(Turn turn, ServiceRecord service, string actor)
    {
        if (!service.IsRemoving)
        {
            service = ServiceChange.Begin(service, service.Rollout.WantedRevision, service.Rollout.Deadline, turn.Now, actor)
                with { IsRemoving = true };
            turn.PutService(service);
            turn.Dirty.Add(service.Id);
        }

        return Outcome(service, ServiceChangeKind.Removed);
    }

    internal static RequestOutcome Outcome(ServiceRecord service, ServiceChangeKind change) => new()
    {
        Service = service.Id, Name = service.Name, Revision = service.Revision, Rollout = service.Rollout.Number, Change = change,
    };

    private static RequestOutcome ScaleOne(Turn turn, ServiceName name, int replicas, ClusterEvent.ScaleServices scale)
    {
        var service = turn.State.Find(name)!;
        if (service.Replicas == replicas && service.Rollout.State is not (RolloutState.Failed or RolloutState.RollbackFailed))
            return Outcome(service, ServiceChangeKind.Unchanged);
        service = ServiceChange.Scaled(turn.State, service, replicas, scale.Deadline, turn.Now, scale.Origin.Actor);
        turn.PutService(service);
        turn.Dirty.Add(service.Id);
        return Outcome(service, ServiceChangeKind.Scaled);
    }

    private static MutationResult.Refused TooMany(int count) =>
        Refusals.Invalid($"{count} services at once: at most {EngineLimits.ServicesPerMutation} are allowed");
}
