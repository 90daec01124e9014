// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Planning.Recovery;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Nodes;

/// <summary>
/// What the two witnesses (the agent's session and Consul's serfHealth) say of each node, and whose allocations are therefore to be
/// replaced. A ready node changes only when a witness or a mutation speaks of it, so a turn looks at those and at the ones that are not
/// ready.
/// </summary>
internal static class NodeStates
{
    public static void Derive(Turn turn)
    {
        turn.NodesDue = null;
        Settle(turn);
        var notReady = turn.Memory.NotReady.ToBuilder();
        foreach (var id in turn.TakeChanged().Union(turn.Memory.NotReady).Order().ToList())
        {
            if (!turn.State.Nodes.TryGetValue(id, out var node)) notReady.Remove(id);
            else if (Settled(turn, node) == NodeState.Ready) notReady.Remove(id);
            else notReady.Add(id);
        }

        if (!turn.Memory.NotReady.SetEquals(notReady)) turn.Memory = turn.Memory with { NotReady = notReady.ToImmutable() };
        turn.TakeChanged(); // what was written here has been judged
        MassLossBrake.Apply(turn);
        FindLost(turn);
    }

    /// <summary>The node's state by what is known now, written down where it is news.</summary>
    private static NodeState Settled(Turn turn, NodeRecord node)
    {
        var known = turn.State.NodeObservations.TryGetValue(node.Id, out var seen);
        seen ??= new NodeObservation { StateSince = turn.State.TermStartedAt };
        var state = Judge(turn, node, seen);
        if (known && IsNews(seen.Facts, node.Facts))
            turn.Memory = turn.Memory with { FactsDue = turn.Memory.FactsDue.Add(node.Id) };
        if (known && state == seen.State) return state;
        turn.PutObservation(node.Id, state == seen.State ? seen : seen with { State = state, StateSince = turn.Now });
        turn.MarkNode(node.Id);
        return state;
    }

    /// <summary>Until its engine has answered, an agent that has just started knows less of its machine than is stored.</summary>
    private static bool IsNews(NodeFacts? found, NodeFacts? stored) =>
        found is not null && found != stored && (found.EngineVersion.Length > 0 || stored is null);

    /// <summary>A term has settled when every node has a session, or after a second.</summary>
    private static void Settle(Turn turn)
    {
        if (turn.Memory.IsSettled) return;
        var deadline = turn.State.TermStartedAt + turn.Timings.Settling;
#if MUTANTS
        if (MutantSwitch.Is(Mutant.NoSettling)) deadline = turn.State.TermStartedAt;
#endif
        if (turn.Now >= deadline || turn.State.Nodes.Keys.All(node => turn.State.NodeObservations.TryGetValue(node, out var seen)
            && seen.HasSession))
            turn.Memory = turn.Memory with { IsSettled = true };
        else LookAgain(turn, deadline);
    }

    private static NodeState Judge(Turn turn, NodeRecord node, NodeObservation seen)
    {
        if (seen.HasSession) return seen.EngineUp ? NodeState.Ready : NodeState.EngineDown;
        // It may run more than this state knows: nothing is concluded before an operator decides.
        if (UnconfirmedNodes.IsUnconfirmed(turn.State, node)) return NodeState.Unknown;
        var patience = turn.State.TermStartedAt + turn.Timings.Settling;
#if MUTANTS
        if (MutantSwitch.Is(Mutant.UnknownIsDown)) return NodeState.Down;
#endif
        if (seen.SessionLostAt is null && turn.Now < patience)
        {
            LookAgain(turn, patience);
            return NodeState.Unknown;
        }

#if MUTANTS
        if (MutantSwitch.Is(Mutant.AgentAwayIsDown)) return NodeState.Down;
#endif
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
        foreach (var node in turn.Memory.NotReady)
        {
            if (!turn.State.NodeObservations.TryGetValue(node, out var seen)) continue;
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
#if MUTANTS
        NodeState.EngineDown when MutantSwitch.Is(Mutant.EngineDownIsDown) => seen.StateSince,
#endif
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
