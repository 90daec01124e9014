// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Planning.Nodes;
using ClusterManager.Manager.Planning.Recovery;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Mutations;

/// <summary>What operators and provisioning change about nodes.</summary>
internal static class NodeMutations
{
    private const int ShortestPrefix = 4;

    public static MutationResult Update(Turn turn, ClusterEvent.UpdateNode update)
    {
        if (Resolve(turn.State, update.Node, out var node) is { } refused) return refused;
        var labels = node!.Labels.RemoveRange(update.RemoveLabels).SetItems(update.SetLabels);
        var availability = update.Availability ?? node.Availability;
        var changed = node with
        {
            Labels = labels,
            Availability = availability,
            AvailabilitySet = availability == node.Availability ? node.AvailabilitySet : (update.Origin.Actor, turn.Now),
        };
        if (availability != node.Availability || !labels.SequenceEqual(node.Labels)) Put(turn, changed);
        return Refusals.Accepted(OutcomeOf(node));
    }

    public static MutationResult Remove(Turn turn, ClusterEvent.RemoveNode remove)
    {
        if (Resolve(turn.State, remove.Node, out var node) is { } refused) return refused;
        var state = turn.NodeStateOf(node!.Id);
        var neverCame = state is NodeState.Unknown or NodeState.AgentAway
            && !NodeStates.HasComeBefore(node, turn.State.NodeObservations.GetValueOrDefault(node.Id) ?? new NodeObservation());
        var waits = state == NodeState.Unknown && UnconfirmedNodes.IsUnconfirmed(turn.State, node);
        if (state != NodeState.Down && !neverCame && !waits)
            return Refusals.Conflict($"node {node.Name} is {state}: only a node that is down can be removed; stop its agent first");
        if (VolumeInUse(turn.State, node.Id) is { } held)
            return Refusals.Conflict(VolumeText(node.Name, held));
        turn.MarkNode(node.Id);
        turn.RemoveNode(node.Id);
        return Refusals.Accepted(OutcomeOf(node));
    }

    /// <summary>What is down now is lost: the brake no longer holds it.</summary>
    public static MutationResult ConfirmLoss(Turn turn)
    {
        var down = turn.State.NodeObservations.Where(pair => pair.Value.State == NodeState.Down && turn.State.Nodes.ContainsKey(pair.Key))
            .Select(pair => pair.Key).ToImmutableSortedSet();
        turn.Memory = turn.Memory with { ConfirmedLost = turn.Memory.ConfirmedLost.Union(down) };
        return Refusals.Accepted([.. down.Select(node => OutcomeOf(turn.State.Nodes[node]))]);
    }

    /// <summary>Takes over what provisioning knows; what operators and the engine own stays.</summary>
    public static MutationResult Record(Turn turn, ClusterEvent.RecordNode record)
    {
        var given = record.Node;
        if (!turn.State.Nodes.TryGetValue(given.Id, out var node)) return Refusals.NotFound("node", given.Name, NamesOf(turn.State));
        var changed = node with
        {
            Address = given.Address,
            IsManager = given.IsManager,
            IsConsulServer = given.IsConsulServer,
            ConsulTokenAccessor = given.ConsulTokenAccessor,
        };
        if (changed != node) Put(turn, changed);
        return Refusals.Accepted(OutcomeOf(node));
    }

    internal static RequestOutcome OutcomeOf(NodeRecord node) => new() { Text = node.Id.ToString() };

    private static void Put(Turn turn, NodeRecord node)
    {
        turn.PutNode(node);
        turn.MarkNode(node.Id);
    }

    private static MutationResult.Refused? Resolve(ClusterState state, string text, out NodeRecord? node)
    {
        var found = state.Nodes.Values.Where(candidate => candidate.Name == text || candidate.Id.ToString() == text).Take(1).ToList();
        if (found.Count == 0 && text.Length >= ShortestPrefix)
            found = state.Nodes.Values.Where(candidate => candidate.Id.ToString().StartsWith(text, StringComparison.Ordinal)).ToList();
        node = found.Count == 1 ? found[0] : null;
        if (found.Count == 1) return null;
        return found.Count == 0 ? Refusals.NotFound("node", text, NamesOf(state))
            : Refusals.Conflict(
                $"'{text}' begins the ids of {string.Join(", ", found.Select(candidate => candidate.Name))}: give more of it");
    }

    private static IEnumerable<string> NamesOf(ClusterState state) => state.Nodes.Values.Select(node => node.Name);

    private static string VolumeText(string node, (string Volume, string Service) held) =>
        $"node {node} is the home of volume {held.Volume} of service {held.Service}, whose data would be lost with it: "
        + $"bring the node back, or give the data up with 'cluster service rm {held.Service}', then 'cluster node rm {node}'";

    private static (string Volume, string Service)? VolumeInUse(ClusterState state, NodeId home)
    {
        foreach (var volume in state.Volumes.Values.Where(volume => volume.Home == home))
            foreach (var service in state.Services.Values.Where(service => service.Name.Stack == volume.Stack && !service.IsRemoving))
                if (state.Revisions[service.Id][service.Rollout.WantedRevision].Spec.NamedVolumes().Contains(volume.Name))
                    return (volume.Name, service.Name.Display);
        return null;
    }
}
