// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Nodes;

/// <summary>
/// What the two witnesses (the agent's session and Consul's serfHealth) say of each node, and whose allocations are therefore to be
/// replaced. Derived anew each turn: it costs a look at each node.
/// </summary>
internal static class NodeStates
{
    public static void Derive(Turn turn)
    {
        turn.NodesDue = null;
        Settle(turn);
        foreach (var node in turn.State.Nodes.Values)
        {
            var seen = turn.State.NodeObservations.GetValueOrDefault(node.Id)
                ?? new NodeObservation { StateSince = turn.State.TermStartedAt };
            var state = Judge(turn, node, seen);
            if (state == seen.State && turn.State.NodeObservations.ContainsKey(node.Id)) continue;
            seen = state == seen.State ? seen : seen with { State = state, StateSince = turn.Now };
            turn.State = turn.State with { NodeObservations = turn.State.NodeObservations.SetItem(node.Id, seen) };
            turn.MarkNode(node.Id);
        }

        MassLossBrake.Apply(turn);
        FindLost(turn);
    }

    /// <summary>A term has settled when every node has a session, or after a second.</summary>
    private static void Settle(Turn turn)
    {
        if (turn.Memory.IsSettled) return;
        var deadline = turn.State.TermStartedAt + turn.Timings.Settling;
        if (turn.Now >= deadline || turn.State.Nodes.Keys.All(node => turn.State.NodeObservations.TryGetValue(node, out var seen)
            && seen.HasSession))
            turn.Memory = turn.Memory with { IsSettled = true };
        else LookAgain(turn, deadline);
    }

    private static NodeState Judge(Turn turn, NodeRecord node, NodeObservation seen)
    {
        if (seen.HasSession) return seen.EngineUp ? NodeState.Ready : NodeState.EngineDown;
        var patience = turn.State.TermStartedAt + turn.Timings.Settling;
        if (seen.SessionLostAt is null && turn.Now < patience)
        {
            LookAgain(turn, patience);
            return NodeState.Unknown;
        }

        return seen.SerfPassing switch
        {
            true => NodeState.AgentAway,
            false when HasComeBefore(node, seen) => NodeState.Down,
            _ => NodeState.Unknown,
        };
    }

    /// <summary>False for a machine that has joined and whose agents (ours, Consul's) are still to come: nothing of it has died.</summary>
    internal static bool HasComeBefore(NodeRecord node, NodeObservation seen) => node.Facts is not null || seen.SessionNumber > 0;

    private static void FindLost(Turn turn)
    {
        var lost = ImmutableSortedSet.CreateBuilder<NodeId>();
        foreach (var (node, seen) in turn.State.NodeObservations)
        {
            if (!turn.State.Nodes.ContainsKey(node)) continue;
            if (LostAt(turn, node, seen) is not { } at) continue;
            if (turn.Now >= at) lost.Add(node);
            else LookAgain(turn, at);
        }

        foreach (var node in turn.Memory.LostNodes.SymmetricExcept(lost)) turn.MarkNode(node);
        if (!turn.Memory.LostNodes.SetEquals(lost)) turn.Memory = turn.Memory with { LostNodes = lost.ToImmutable() };
    }

    /// <summary>From when on the node's allocations are to be replaced; null: not as things are.</summary>
    private static DateTimeOffset? LostAt(Turn turn, NodeId node, NodeObservation seen) => seen.State switch
    {
        NodeState.Down => turn.Memory.BrakedNodes.Contains(node) ? null : seen.StateSince,
        // Nobody waits for an agent that has never come.
        NodeState.AgentAway when !HasComeBefore(turn.State.Nodes[node], seen) => seen.StateSince,
        NodeState.AgentAway => seen.StateSince + turn.Timings.AgentAwayGrace,
        NodeState.EngineDown => seen.StateSince + turn.Timings.EngineDownGrace,
        _ => null,
    };

    private static void LookAgain(Turn turn, DateTimeOffset at)
    {
        if (turn.NodesDue is null || at < turn.NodesDue) turn.NodesDue = at;
    }
}
