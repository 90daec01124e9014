// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Recovery;

/// <summary>
/// After a restore nodes run what a newer state had told them, until an operator lets them believe the restored one. Until then nothing
/// is concluded of such a node, and the services that the state has there wait: moving them could only be wrong.
/// </summary>
internal static class UnconfirmedNodes
{
    /// <summary>The node has had no session in this life of the state.</summary>
    public static bool IsUnconfirmed(ClusterState state, NodeRecord node) => node.Incarnation < state.Meta.Incarnation;

    /// <summary>All services that wait. Empty, at no cost, in the first life of a state.</summary>
    public static ImmutableSortedSet<ServiceId> Waiting(ClusterState state)
    {
        if (state.Meta.Incarnation <= 1) return [];
        var waiting = ImmutableSortedSet.CreateBuilder<ServiceId>();
        foreach (var node in state.Nodes.Values.Where(node => IsUnconfirmed(state, node)))
            waiting.UnionWith(state.LiveByNode.GetValueOrDefault(node.Id, []).Select(id => id.Service));
        return waiting.ToImmutable();
    }

    /// <summary>The first node, by id, that the service waits for; null: it does not wait.</summary>
    public static NodeRecord? HolderOf(ClusterState state, ServiceId service)
    {
        if (state.Meta.Incarnation <= 1) return null;
        return state.Nodes.Values.FirstOrDefault(node => IsUnconfirmed(state, node)
            && state.LiveByNode.GetValueOrDefault(node.Id, []).Any(id => id.Service == service));
    }

    /// <summary>Why the service cannot be changed now, and what to do; null: it can.</summary>
    public static string? Refusal(ClusterState state, ServiceId service) => HolderOf(state, service) is not { } node ? null
        : $"service {state.Services[service].Name.Display} waits for node {node.Name}, which has not confirmed incarnation "
            + $"{state.Meta.Incarnation} of the state: run 'cluster recover confirm {state.Meta.Incarnation}' on it, or remove it with "
            + $"'cluster node rm {node.Name}' if the machine is lost";
}
