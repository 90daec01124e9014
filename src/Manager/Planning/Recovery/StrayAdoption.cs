// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Planning.Mutations;
using ClusterManager.Manager.Planning.Reconciliation;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Recovery;

/// <summary>
/// Takes what runs on nodes into the state as it runs: no container is touched. What belongs to a service of the state is taken up by
/// itself when its node confirms this life of the state; a service that the state does not know waits for an operator.
/// </summary>
internal static class StrayAdoption
{
    private const string Actor = "recovery";

    /// <summary>Takes up what is known of the nodes that have their first session in this life; then they count as confirmed.</summary>
    public static void ConfirmNodes(Turn turn)
    {
        if (turn.State.Meta.Incarnation <= 1) return;
        foreach (var node in turn.State.Nodes.Values.Where(node => UnconfirmedNodes.IsUnconfirmed(turn.State, node)))
        {
            if (turn.State.NodeObservations.GetValueOrDefault(node.Id) is not { HasSession: true, EngineUp: true } seen) continue;
            var known = seen.Strays.Where(one => turn.State.Services.ContainsKey(one.Id.Service)).GroupBy(one => one.Id.Service);
            if (!known.All(group => TryAdopt(turn, group.Key, [.. group.Select(held => (node.Id, held))]))
                || !turn.Budget.HasRoom(2, SizeEstimate.Of(node)))
            {
                turn.HasLeftovers = true;
                continue;
            }

            turn.PutNode(turn.State.Nodes[node.Id] with { Incarnation = turn.State.Meta.Incarnation });
            turn.MarkNode(node.Id);
        }
    }

    /// <summary>An operator takes up one service.</summary>
    public static MutationResult Carry(Turn turn, ClusterEvent.AdoptStrays adopt)
    {
        var found = Strays.ByService(turn.State).Where(pair => pair.Value[0].Held.Spec.Name == adopt.Name).ToList();
        if (found.Count == 0)
            return Refusals.NotFound("unknown service", adopt.Name.Display, Strays.ByService(turn.State).Values
                .Select(strays => strays[0].Held.Spec.Name.Display).Distinct(StringComparer.Ordinal));
        // Of a service that was removed and made again the newer one counts.
        var (id, strays) = found[^1];
        var problems = strays.Select(one => Strays.Problem(turn.State, one.Node, one.Held)).OfType<string>().Distinct().ToList();
        if (problems.Count > 0) return Refusals.Conflict($"{adopt.Name.Display} cannot be adopted: {string.Join("; ", problems)}");
        if (!TryAdopt(turn, id, strays)) return Refusals.Conflict($"{adopt.Name.Display} does not fit one commit: try again");
        return Refusals.Accepted(ServiceMutations.Outcome(turn.State.Services[id], ServiceChangeKind.Updated));
    }

    /// <returns>False when the turn has no room for it.</returns>
    private static bool TryAdopt(Turn turn, ServiceId id, ImmutableArray<(NodeId Node, HeldAllocation Held)> strays)
    {
        var mine = strays.Where(one => !Strays.IsSuperseded(turn.State, one.Held)
            && Strays.Problem(turn.State, one.Node, one.Held) is null).ToImmutableArray();
        if (mine.IsEmpty) return true;
        var before = (turn.State, Budget: turn.Budget.Copy());
        foreach (var group in mine.GroupBy(one => one.Held.Revision)) PutRevision(turn, id, [.. group]);
        var service = AdoptedService.Of(turn.State, id, [.. mine.Select(one => one.Held)], turn.Now, Actor);
        turn.PutService(service);
        turn.State = turn.State with
        {
            NextServiceId = Math.Max(turn.State.NextServiceId, id.Value + 1),
            ServicesByDiscoveryName = turn.State.ServicesByDiscoveryName.SetItem(service.Name.DiscoveryName, id),
        };
        PutVolumes(turn, mine);
        if (TryPlace(turn, id, mine) && !turn.Budget.IsOver) return true;
        (turn.State, turn.Budget) = before;
        return false;
    }

    private static bool TryPlace(Turn turn, ServiceId id, ImmutableArray<(NodeId Node, HeldAllocation Held)> strays)
    {
        var editor = new SlotEditor(turn, id);
        foreach (var (node, held) in strays)
        {
            if (!Replace(editor, held.Id)) return false;
            var record = new AllocationRecord
            {
                Id = held.Id, Node = node, Revision = held.Revision, Desired = DesiredState.Run, CreatedAt = turn.Now,
            };
            if (!editor.TryAdopt(record)) return false;
        }

        editor.Flush();
        foreach (var (node, held) in strays) Settle(turn, node, held);
        turn.Dirty.Add(id);
        return true;
    }

    // What the older state had in the slot is the stray's predecessor: had the newer state lived on, it would have been stopped.
    private static bool Replace(SlotEditor editor, AllocationId id)
    {
        var reason = new Reason(ReasonCode.Superseded, $"a newer one, {id}, was found running");
        foreach (var older in editor.Slots.GetValueOrDefault(id.Slot, []).Where(record => record.IsWanted).ToList())
            if (!editor.TryUpdate(older with { Desired = DesiredState.Stop, Reason = reason })) return false;
        return true;
    }

    private static void Settle(Turn turn, NodeId node, HeldAllocation held)
    {
        var seen = turn.State.NodeObservations[node];
        seen = seen with { Strays = seen.Strays.RemoveAll(one => one.Id == held.Id) };
        turn.State = turn.State with
        {
            NodeObservations = turn.State.NodeObservations.SetItem(node, seen),
            Observations = held.Seen is null ? turn.State.Observations : turn.State.Observations.SetItem(held.Id, held.Seen),
        };
        // A global service's slot is its node's ordinal: a rebuilt state gave the node another one.
        var record = turn.State.Nodes[node];
        if (!held.Spec.IsGlobal() || record.Ordinal == held.Id.Slot) return;
        if (turn.State.Nodes.Values.All(other => other.Ordinal != held.Id.Slot)) turn.PutNode(record with { Ordinal = held.Id.Slot });
    }

    private static void PutRevision(Turn turn, ServiceId id, ImmutableArray<(NodeId Node, HeldAllocation Held)> strays)
    {
        var held = strays[0].Held;
        if (turn.State.Revisions.GetValueOrDefault(id)?.ContainsKey(held.Revision) == true) return;
        var at = held.Image.IndexOf('@', StringComparison.Ordinal);
        turn.PutRevision(new RevisionRecord
        {
            Service = id, Number = held.Revision, Spec = held.Spec, SpecHash = held.SpecHash, TemplateHash = held.TemplateHash,
            CreatedAt = turn.Now, Actor = Actor,
            Image = new ResolvedImage
            {
                Pinned = held.Image, Digest = at < 0 ? "" : held.Image[(at + 1)..], ImageId = held.ImageIsId ? held.Image : "",
                Nodes = held.ImageIsId ? [.. strays.Select(one => one.Node)] : [],
            },
        });
    }

    private static void PutVolumes(Turn turn, ImmutableArray<(NodeId Node, HeldAllocation Held)> strays)
    {
        foreach (var (node, held) in strays)
            foreach (var volume in held.Spec.NamedVolumes())
            {
                var stack = held.Spec.Name.Stack;
                if (turn.State.Volumes.ContainsKey(ClusterStateBuilder.VolumeKey(stack, volume))) continue;
                turn.PutVolume(new VolumeRecord { Stack = stack, Name = volume, Home = node, CreatedAt = turn.Now });
            }
    }
}
