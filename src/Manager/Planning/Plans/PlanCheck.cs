// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Planning.Mutations;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Plans;

/// <summary>Refuses a planned change when what the plan rests on has moved, and says what.</summary>
internal static class PlanCheck
{
    private const int NamedMax = 5;

    /// <summary>Compares the id that was given with the plan as it would be made now; null: nothing has moved.</summary>
    public static MutationResult.Refused? Refuse(PlanId given, ChangePlan now, ClusterState state, DateTimeOffset at)
    {
        if (given.Subject != now.Id.Subject)
            return Refusals.Conflict("this is not the change that was planned: a file, a name or a flag differs; plan it again");
        if (given.Base != now.Id.Base)
            return Refusals.Conflict($"the state has moved since the plan: {Services(now.Base, state, given.MadeAt, at)}; plan it again");
        if (given.Deeds != now.Id.Deeds)
            return Refusals.Conflict("replicas would go elsewhere now, or in another order, than the plan says: "
                + $"{Nodes(state, given.MadeAt, at)}; plan it again");
        return null;
    }

    /// <summary>Compares what a plan rests on with the state in the turn that is to carry it out; null: nothing has moved.</summary>
    public static MutationResult.Refused? Refuse(ClusterState state, PlanBase planned)
    {
        var moved = planned.Services.Where(service => PlanBase.Service.Of(state, service.Name) != service)
            .Select(service => $"service {service.Name.Display}").ToList();
        if (planned.Stack is { } stack)
            moved.AddRange(PlanBase.NamesOf(state, stack).Except(planned.Services.Select(one => one.Name))
                .Select(name => $"service {name.Display}"));
        moved.AddRange(planned.Nodes.Where(node => PlanBase.Machine.Of(state, node.Id) != node)
            .Select(node => $"node {state.Nodes.GetValueOrDefault(node.Id)?.Name ?? node.Id.ToString()}"));
        return moved.Count == 0 ? null
            : Refusals.Conflict($"the state moved just now: {Listed(moved)} changed; plan it again");
    }

    private static string Services(PlanBase planned, ClusterState state, DateTimeOffset since, DateTimeOffset now)
    {
        var moved = planned.Services.Select(one => state.Find(one.Name)).OfType<ServiceRecord>()
            .Where(service => service.UpdatedAt >= since || service.Rollout.EndedAt >= since)
            .Select(service => Told(service, since, now)).ToList();
        return moved.Count == 0 ? "a service that it is about was made or removed" : Listed(moved);
    }

    private static string Told(ServiceRecord service, DateTimeOffset since, DateTimeOffset now) => service.UpdatedAt >= since
        ? $"{service.Name.Display} is at revision {service.Revision} with rollout {service.Rollout.Number} "
            + $"by {service.Rollout.Actor} {Amounts.Age(now - service.UpdatedAt)} ago"
        : $"rollout {service.Rollout.Number} of {service.Name.Display} has ended: {service.Rollout.State}";

    private static string Nodes(ClusterState state, DateTimeOffset since, DateTimeOffset now)
    {
        var moved = state.Nodes.Values.Select(node => Told(state, node, since, now)).OfType<string>().ToList();
        return moved.Count == 0 ? "what is reserved or how well replicas are on some nodes has changed" : Listed(moved);
    }

    private static string? Told(ClusterState state, NodeRecord node, DateTimeOffset since, DateTimeOffset now)
    {
        if (node.JoinedAt >= since) return $"node {node.Name} has joined";
        if (node.AvailabilitySet is { } set && set.At >= since)
            return $"node {node.Name} was set to {node.Availability} by {set.Actor} {Amounts.Age(now - set.At)} ago";
        var seen = state.NodeObservations.GetValueOrDefault(node.Id);
        return seen is not null && seen.StateSince >= since
            ? $"node {node.Name} is {seen.State} since {Amounts.Age(now - seen.StateSince)}" : null;
    }

    private static string Listed(List<string> all) =>
        string.Join("; ", all.Take(NamedMax)) + (all.Count > NamedMax ? $"; and {all.Count - NamedMax} more" : "");
}
