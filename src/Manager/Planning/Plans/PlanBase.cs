// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Plans;

/// <summary>What a plan rests on: the services that it is about, and the nodes on which it acts.</summary>
/// <param name="Stack">All services of this stack count, since others are removed; null: only the named ones.</param>
/// <param name="Services">By name.</param>
/// <param name="Nodes">By id.</param>
public sealed record PlanBase(string? Stack, ImmutableArray<PlanBase.Service> Services, ImmutableArray<PlanBase.Machine> Nodes)
{
    /// <summary>A service as it was; a missing one has id 0.</summary>
    public sealed record Service(
        ServiceName Name, long Id, int Revision, int Replicas, int Rollout, RolloutState State, bool IsGoingBack, bool IsPaused,
        bool IsRemoving)
    {
        /// <summary>As it is in the state.</summary>
        public static Service Of(ClusterState state, ServiceName name)
        {
            ArgumentNullException.ThrowIfNull(state);
            if (state.Find(name) is not { } service) return new Service(name, 0, 0, 0, 0, default, false, false, false);
            var rollout = service.Rollout;
            return new Service(name, service.Id.Value, service.Revision, service.Replicas, rollout.Number, rollout.State,
                rollout.IsGoingBack, rollout.IsPaused, service.IsRemoving);
        }
    }

    /// <summary>A node as it was.</summary>
    public sealed record Machine(NodeId Id, NodeAvailability? Availability, NodeState State, string Labels)
    {
        /// <summary>As it is in the state; availability null: it is gone.</summary>
        public static Machine Of(ClusterState state, NodeId id)
        {
            ArgumentNullException.ThrowIfNull(state);
            var node = state.Nodes.GetValueOrDefault(id);
            var seen = state.NodeObservations.GetValueOrDefault(id)?.State ?? NodeState.Unknown;
            var labels = node is null ? "" : string.Join('\n', node.Labels.Select(pair => $"{pair.Key}={pair.Value}"));
            return new Machine(id, node?.Availability, seen, labels);
        }
    }

    /// <summary>What the change is about, as it is in the state. Nodes are added when it is known on which the plan acts.</summary>
    public static PlanBase Of(ClusterState state, ClusterEvent.Mutation mutation, IEnumerable<ServiceName> named)
    {
        ArgumentNullException.ThrowIfNull(state);
        var stack = mutation is ClusterEvent.DeployStack { Prune: true } deploy ? deploy.Stack : null;
        var names = named.Concat(stack is null ? [] : NamesOf(state, stack)).Distinct().Order();
        return new PlanBase(stack, [.. names.Select(name => Service.Of(state, name))], []);
    }

    /// <summary>With the nodes on which the services' plans act.</summary>
    public PlanBase On(ClusterState state, IEnumerable<ServicePlan> plans) => this with
    {
        Nodes = [.. plans.SelectMany(plan => plan.Actions).Select(action => action.Node).Distinct().Order()
            .Select(node => Machine.Of(state, node))],
    };

    /// <summary>Names of the services of a stack.</summary>
    internal static IEnumerable<ServiceName> NamesOf(ClusterState state, string stack) =>
        state.Services.Values.Select(service => service.Name).Where(name => name.Stack == stack);
}
