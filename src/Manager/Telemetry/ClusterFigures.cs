// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Telemetry;

/// <summary>A snapshot in figures: what a leader shows of its cluster.</summary>
internal sealed record ClusterFigures
{
    /// <summary>Most services with series of their own; further ones are only counted.</summary>
    public const int ServicesMax = 5000;

    /// <summary>The snapshot they are of.</summary>
    public required ClusterState State { get; init; }

    /// <summary>Services by id, up to <see cref="ServicesMax"/>.</summary>
    public required ImmutableArray<ServiceFigures> Services { get; init; }

    /// <summary>How many nodes are in each state; all states are there.</summary>
    public required ImmutableSortedDictionary<NodeState, int> Nodes { get; init; }

    /// <summary>Managers on nodes that are ready, and all.</summary>
    public required (int Ready, int All) Managers { get; init; }

    /// <summary>Consul servers on nodes that are ready, and all.</summary>
    public required (int Ready, int All) ConsulServers { get; init; }

    /// <summary>Computes them. Pure; takes milliseconds for thousands of allocations, so it is never done by the engine.</summary>
    public static ClusterFigures Of(ClusterState state, DateTimeOffset now)
    {
        var nodes = state.Nodes.Values.GroupBy(node => StateOf(state, node)).ToDictionary(same => same.Key, same => same.Count());
        return new ClusterFigures
        {
            State = state,
            Services = [.. state.Services.Values.Take(ServicesMax).Select(service => ServiceFigures.Of(state, service, now))],
            Nodes = Enum.GetValues<NodeState>().ToImmutableSortedDictionary(one => one, one => nodes.GetValueOrDefault(one)),
            Managers = Count(state, node => node.IsManager),
            ConsulServers = Count(state, node => node.IsConsulServer),
        };
    }

    /// <summary>The state of a node as this term sees it.</summary>
    public static NodeState StateOf(ClusterState state, NodeRecord node) =>
        state.NodeObservations.GetValueOrDefault(node.Id)?.State ?? NodeState.Unknown;

    // A node whose agent is away may well have a manager and a Consul server at work.
    private static (int Ready, int All) Count(ClusterState state, Func<NodeRecord, bool> isOne)
    {
        var all = state.Nodes.Values.Where(isOne).ToList();
        return (all.Count(node => state.NodeObservations.GetValueOrDefault(node.Id) is { } seen
            && (seen.HasSession || seen.SerfPassing == true)), all.Count);
    }
}
