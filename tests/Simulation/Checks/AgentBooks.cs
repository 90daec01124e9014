// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Allocations;
using ClusterManager.Manager.Dispatch;
using ClusterManager.Manager.State;
using ClusterManager.Model;
using ClusterManager.Simulation.Agents;

namespace ClusterManager.Simulation.Checks;

/// <summary>
/// What an agent holds for its assignment at a version is what the state of that version says of its node: nothing that was never
/// committed, nothing left over from a difference that was missed, nothing older than it had.
/// </summary>
internal sealed class AgentBooks(Func<TimeSpan> now)
{
    private const int Kept = 3000;
    private static readonly TimeSpan WriteTime = TimeSpan.FromSeconds(2);
    private readonly SortedDictionary<StateVersion, ClusterState> _states = [];
    private readonly Dictionary<string, (SimulatedAgent Agent, AssignmentBook Book, TimeSpan Since)> _seen = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StateVersion> _kept = new(StringComparer.Ordinal);

    /// <summary>A state was committed.</summary>
    public void Committed(ClusterState state)
    {
        _states[state.Version] = state;
        if (_states.Count > Kept) _states.Remove(_states.Keys.First());
    }

    /// <summary>The disk of the host was lost: what comes next may be older.</summary>
    public void Forget(SimulatedHost host)
    {
        _seen.Remove(host.Name);
        _kept.Remove(host.Name);
    }

    /// <summary>Looks at the agent's book, each second.</summary>
    public string? Check(SimulatedHost host)
    {
        if (host.Agent is not { Book: { IsKnown: true } book } agent) return null;
        var known = _seen.TryGetValue(host.Name, out var seen);
        if (known && seen.Agent == agent && ReferenceEquals(seen.Book, book))
        {
            NoteKept(host, book, seen.Since);
            return null;
        }

        _seen[host.Name] = (agent, book, now());
        var least = known && seen.Agent == agent ? seen.Book.Version : _kept.GetValueOrDefault(host.Name);
        if (book.Version < least) return $"{host.Name} went from {least} back to {book.Version}";
        if (known && book.Version == seen.Book.Version && book.Items.SequenceEqual(seen.Book.Items)) return null;
        if (StateOf(book.Version) is not { } state)
            return _states.Count > 0 && book.Version > _states.Keys.First() && book.Version.Number > 0
                ? $"{host.Name} applied {book.Version}, which was never committed" : null;
        var wanted = Wanted(state, host.Node).ToList();
        var held = book.Items.Values.Select(item => (item.Id, item.Desired)).ToList();
        return wanted.SequenceEqual(held) ? null
            : $"{host.Name} at {book.Version} holds {Text(held)}, the state has {Text(wanted)}";
    }

    // What has stood for a second and was not refused by the disk outlives the agent.
    private void NoteKept(SimulatedHost host, AssignmentBook book, TimeSpan since)
    {
        if (host.Disk.RefusedAt is { } refused && refused > since - WriteTime) return;
        if (now() - since >= WriteTime) _kept[host.Name] = book.Version;
    }

    // A term's first version is no commit: its state is what the terms before it have left.
    private ClusterState? StateOf(StateVersion version) => version.Number > 0
        ? _states.GetValueOrDefault(version) : _states.LastOrDefault(pair => pair.Key < version).Value;

    private static IEnumerable<(AllocationId Id, DesiredState Desired)> Wanted(ClusterState state, NodeId node) => state.Allocations.Values
        .SelectMany(map => map.BySlot.Values).SelectMany(records => records)
        .Where(record => record.IsLive && record.Node == node && AssignedAllocation.Of(state, record) is not null)
        .Select(record => (record.Id, record.Desired)).OrderBy(pair => pair.Id);

    private static string Text(IEnumerable<(AllocationId Id, DesiredState Desired)> items) =>
        string.Join(" ", items.Select(item => $"{item.Id}={item.Desired}"));
}
