// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Planning;
using ClusterManager.Manager.Planning.Mutations;
using ClusterManager.Manager.Planning.Nodes;
using ClusterManager.Manager.Planning.Reconciliation;
using ClusterManager.Manager.Planning.Recovery;
using ClusterManager.Manager.Planning.Releases;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Engine;

/// <summary>
/// The manager's decisions, pure: apply events, find what differs, place, roll → changes. Same input, same output, in any process.
/// </summary>
public static class ClusterEngine
{
    /// <summary>
    /// The state with which a term begins: all nodes unknown, all services dirty, nothing seen. Gaps are filled when every node has
    /// reconnected, or after a second.
    /// </summary>
    /// <param name="loaded">As <see cref="ClusterStateBuilder"/> made it; its version is the one that the term begins with.</param>
    /// <param name="now">The leader's clock.</param>
    public static ClusterState StartTerm(ClusterState loaded, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(loaded);
        var begun = loaded with
        {
            TermStartedAt = now,
            ServicesByDiscoveryName = ClusterStateBuilder.DiscoveryNamesOf(loaded.Services),
            LiveByNode = ClusterStateBuilder.LiveByNodeOf(loaded.Allocations),
            NodeObservations = loaded.Nodes.Keys.ToImmutableSortedDictionary(node => node, _ => new NodeObservation { StateSince = now }),
            Observations = ImmutableSortedDictionary<AllocationId, AllocationObservation>.Empty,
            ImageQueries = ImmutableSortedDictionary<long, ImageQuery>.Empty,
            ImagePulls = ImmutableSortedDictionary<long, ImagePull>.Empty,
            NextImageQuery = 1,
            Gaps = ImmutableSortedDictionary<ServiceId, Unplaced>.Empty,
            BrakeSince = null,
            GlobalServices = ClusterStateBuilder.GlobalServicesOf(loaded.Services, loaded.Revisions),
            Memory = PlannerMemory.Empty with { Dirty = [.. loaded.Services.Keys], NotReady = [.. loaded.Nodes.Keys] },
        };
        return begun with { NodeIndex = NodeIndex.Of(begun) };
    }

    /// <summary>One turn.</summary>
    /// <param name="state">The state after the last turn.</param>
    /// <param name="events">What happened since, in order.</param>
    /// <param name="now">The leader's clock, read once.</param>
    public static StepResult Step(ClusterState state, IReadOnlyList<ClusterEvent> events, DateTimeOffset now) =>
        Step(state, events, now, EngineTimings.Default);

    /// <summary>One turn by other times than the default ones.</summary>
    /// <param name="state">The state after the last turn.</param>
    /// <param name="events">What happened since, in order.</param>
    /// <param name="now">The leader's clock, read once.</param>
    /// <param name="timings">Shorter or longer times.</param>
    public static StepResult Step(ClusterState state, IReadOnlyList<ClusterEvent> events, DateTimeOffset now, EngineTimings timings)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(timings);
        var turn = new Turn(state, now, timings);
        foreach (var happened in events) Witnesses.Fold(turn, happened);
        NodeStates.Derive(turn); // mutations ask whether a node is down
        StrayAdoption.ConfirmNodes(turn);
        MutationDesk.Handle(turn, events.OfType<ClusterEvent.Mutation>());
        NodeStates.Derive(turn); // and may have changed which nodes there are
        StoreFacts(turn);
        PlanDirty(turn);
        ReleaseJudge.Plan(turn);
        return Conclude(turn, state);
    }

    /// <summary>What agents found of their machines is stored when it changed: a new leader places by it before they are back.</summary>
    private static void StoreFacts(Turn turn)
    {
        if (turn.Memory.FactsDue.IsEmpty) return;
        var due = turn.Memory.FactsDue;
        foreach (var id in turn.Memory.FactsDue)
        {
            if (TryStoreFacts(turn, id)) due = due.Remove(id);
            else turn.HasLeftovers = true;
        }

        turn.Memory = turn.Memory with { FactsDue = due };
    }

    private static bool TryStoreFacts(Turn turn, NodeId id)
    {
        if (!turn.State.Nodes.TryGetValue(id, out var node) || !turn.State.NodeObservations.TryGetValue(id, out var seen)) return true;
        if (seen.Facts is null || node.Facts == seen.Facts) return true;
        var changed = node with { Facts = seen.Facts };
        if (!turn.Budget.TryPut(new StateChange.PutNode(changed), SizeEstimate.Of(changed))) return false;
        turn.PutNode(changed);
        turn.MarkNode(id);
        return true;
    }

    private static void PlanDirty(Turn turn)
    {
        foreach (var (service, at) in turn.Due)
            if (at <= turn.Now) turn.Dirty.Add(service);
        if (turn.RoomMayHaveGrown) MarkGaps(turn);
        if (!turn.Memory.IsSettled) return;
        turn.RoomMayHaveGrown = false;
        // What waits for a node's word is marked again when that node gives it or goes.
        turn.Dirty.ExceptWith(UnconfirmedNodes.Waiting(turn.State));
        foreach (var service in turn.Dirty.ToImmutable()) ServicePlanner.Plan(turn, service);
        if (!turn.RoomMayHaveGrown || turn.State.Gaps.IsEmpty) return;
        MarkGaps(turn);
        turn.HasLeftovers = true;
    }

    private static void MarkGaps(Turn turn)
    {
        foreach (var service in turn.State.Gaps.Keys) turn.Dirty.Add(service);
    }

    private static StepResult Conclude(Turn turn, ClusterState before)
    {
        var changes = turn.Budget.Changes;
        var memory = turn.Memory with { Dirty = turn.Dirty.ToImmutable(), Due = turn.Due.ToImmutable() };
        var version = changes.IsEmpty ? before.Version : before.Version with { Number = before.Version.Number + 1 };
        return new StepResult
        {
            State = turn.Indexed() with { Memory = memory, Version = version },
            Changes = changes,
            Replies = [.. turn.Replies],
            NextDue = NextDue(turn),
        };
    }

    private static DateTimeOffset? NextDue(Turn turn)
    {
        if (turn.HasLeftovers) return turn.Now;
        var next = turn.NodesDue;
        if (next is null || turn.ReleasesDue < next) next = turn.ReleasesDue ?? next;
        foreach (var at in turn.Due.Values)
            if (next is null || at < next) next = at;
        return next;
    }
}
