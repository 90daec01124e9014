// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Reconciliation;

/// <summary>Nodes that a service leaves alone for a minute, because its fixed port was taken there by something that is not ours.</summary>
internal static class AvoidedNodes
{
    public static void Add(ServiceDraft draft, NodeId node)
    {
        var memory = draft.Turn.Memory;
        var nodes = memory.Avoided.GetValueOrDefault(draft.Service.Id, ImmutableSortedDictionary<NodeId, DateTimeOffset>.Empty);
        if (nodes.ContainsKey(node)) return;
        var until = draft.Now + draft.Turn.Timings.AvoidAfterFailure;
        draft.Turn.Memory = memory with { Avoided = memory.Avoided.SetItem(draft.Service.Id, nodes.SetItem(node, until)) };
        draft.LookAgain(until);
        draft.ForgetSchedulers();
    }

    /// <summary>
    /// Lets those go whose time is over, and those where a replica of the service serves by now: the port is its own. A new rollout asks
    /// all of them again: what held the port may have been what the last one was just stopping.
    /// </summary>
    public static void Forget(ServiceDraft draft)
    {
        var memory = draft.Turn.Memory;
        if (!memory.Avoided.TryGetValue(draft.Service.Id, out var nodes)) return;
        if (draft.IsRunning && memory.Progress.GetValueOrDefault(draft.Service.Id)?.Rollout != draft.Rollout.Number)
        {
            draft.Turn.Memory = memory with { Avoided = memory.Avoided.Remove(draft.Service.Id) };
            return;
        }

        var kept = nodes.RemoveRange(nodes.Where(pair => pair.Value <= draft.Now || Serves(draft, pair.Key)).Select(pair => pair.Key));
        foreach (var until in kept.Values) draft.LookAgain(until);
        if (kept.Count == nodes.Count) return;
        draft.Turn.Memory = memory with
        {
            Avoided = kept.IsEmpty ? memory.Avoided.Remove(draft.Service.Id) : memory.Avoided.SetItem(draft.Service.Id, kept),
        };
    }

    private static bool Serves(ServiceDraft draft, NodeId node) => draft.Editor.Slots.Values.Any(records =>
        records.Any(record => record.Node == node && record.IsWanted && draft.Turn.State.IsAvailable(record)));
}
