// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Planning.Reconciliation;
using ClusterManager.Manager.Planning.Scheduling;
using ClusterManager.Manager.Planning.Scheduling.Filters;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Rollouts;

/// <summary>
/// The nodes that are to have a rollout's image before it begins: those that hold replicas now, and those that would be chosen for the new
/// ones. A node that gets a replica later all the same pulls when that starts.
/// </summary>
internal static class PullTargets
{
    /// <summary>Choices that are tried; a service with more replicas has been everywhere by then.</summary>
    private const int ChoicesMax = 1000;

    public static ImmutableSortedSet<NodeId> Of(ServiceDraft draft) => draft.Target.Spec.IsGlobal()
        ? [.. draft.Turn.State.Nodes.Values.Where(node => MayRun(draft, node.Id)).Select(node => node.Id)]
        : [.. Holders(draft).Where(node => MayRun(draft, node)), .. Chosen(draft).Where(node => CanPull(draft, node))];

    /// <summary>Who holds replicas and was not there when the others were asked.</summary>
    public static IEnumerable<NodeId> Late(ServiceDraft draft, ImagePull pull) =>
        Holders(draft).Where(node => !pull.Nodes.Contains(node) && MayRun(draft, node));

    private static IEnumerable<NodeId> Holders(ServiceDraft draft) => draft.Editor.Slots.Values.SelectMany(records => records)
        .Where(record => record.IsWanted).Select(record => record.Node);

    /// <summary>Who would get the replicas if all were placed now. Reserves nothing.</summary>
    private static IEnumerable<NodeId> Chosen(ServiceDraft draft)
    {
        var turn = draft.Turn;
        var scheduler = new Scheduler(NodeTable.Of(turn.Indexed()), PlacementRequest.For(turn.State, draft.Target),
            ImmutableSortedDictionary<NodeId, int>.Empty);
        for (var i = Math.Min(draft.Service.Replicas, ChoicesMax); i > 0 && scheduler.Best() is { } node; i--)
        {
            scheduler.Take(node, draft.Service.Name.Display);
            yield return node;
        }
    }

    /// <summary>New replicas may come to it, and its agent is there or was a moment ago.</summary>
    private static bool MayRun(ServiceDraft draft, NodeId id) =>
        draft.Turn.State.Nodes.TryGetValue(id, out var node) && node.Availability == NodeAvailability.Active
        && draft.Target.Spec.Constraints.All(constraint => ConstraintFilter.Holds(constraint, node)) && CanPull(draft, id);

    private static bool CanPull(ServiceDraft draft, NodeId node) =>
        draft.Turn.State.NodeObservations.GetValueOrDefault(node) is { } seen
        && (seen.State == NodeState.Ready ? seen.CanPull : ImagePulls.WasHereJustNow(draft, seen));
}
