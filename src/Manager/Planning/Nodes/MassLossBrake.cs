// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Nodes;

/// <summary>
/// When more than a third of the nodes, and at least two, went down within a minute, the fault is more likely ours (a cut network, a
/// broken switch) than theirs: nothing is replaced until they return or an operator confirms the loss.
/// </summary>
internal static class MassLossBrake
{
    public static void Apply(Turn turn)
    {
        Forget(turn);
        var down = ImmutableSortedSet.CreateBuilder<NodeId>();
        foreach (var node in turn.Memory.NotReady)
            if (turn.State.NodeObservations.TryGetValue(node, out var seen) && seen.State == NodeState.Down && Counts(turn, node, seen))
                down.Add(node);
        var isOn = down.Count >= 2 && down.Count * 3 > turn.State.Nodes.Values.Count(node => node.Facts is not null);
#if MUTANTS
        if (MutantSwitch.Is(Mutant.IgnoreBrake)) isOn = false;
#endif
        if (!isOn) down.Clear();
        if (turn.Memory.BrakedNodes.SetEquals(down)) return;

        foreach (var node in turn.Memory.BrakedNodes.Union(down)) turn.MarkNode(node);
        turn.Memory = turn.Memory with { BrakedNodes = down.ToImmutable() };
        turn.State = turn.State with { BrakeSince = isOn ? turn.State.BrakeSince ?? turn.Now : null };
    }

    /// <summary>A confirmed loss holds until the node returns.</summary>
    private static void Forget(Turn turn)
    {
        var kept = turn.Memory.ConfirmedLost.Where(node => turn.NodeStateOf(node) == NodeState.Down).ToImmutableSortedSet();
        if (kept.Count != turn.Memory.ConfirmedLost.Count) turn.Memory = turn.Memory with { ConfirmedLost = kept };
    }

    private static bool Counts(Turn turn, NodeId node, NodeObservation seen)
    {
        if (turn.Memory.ConfirmedLost.Contains(node) || !turn.State.Nodes.ContainsKey(node)) return false;
        if (turn.Memory.BrakedNodes.Contains(node)) return true; // while the brake is on, only a return takes a node out
        if (seen.StateSince <= turn.Now - turn.Timings.BrakeWindow) return false;
        return seen.SessionNumber > 0 || HoldsReplicas(turn, node);
    }

    /// <summary>A node that was dead long before this term has lost its replicas already, and is no news to a new leader.</summary>
    private static bool HoldsReplicas(Turn turn, NodeId node) =>
        turn.State.LiveByNode.TryGetValue(node, out var live)
        && live.Any(id => turn.State.Find(id) is { IsWanted: true } record
            && !turn.State.Revisions[id.Service][record.Revision].Spec.IsGlobal());
}
