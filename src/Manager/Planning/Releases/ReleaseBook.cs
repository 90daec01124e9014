// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Releases;

/// <summary>Reads and writes the history of releases: what is under way, what is kept, which revisions that holds.</summary>
internal static class ReleaseBook
{
    private static readonly ImmutableSortedDictionary<int, ReleaseEntry> None = ImmutableSortedDictionary<int, ReleaseEntry>.Empty;

    /// <summary>The kept releases of a stack by number.</summary>
    public static ImmutableSortedDictionary<int, ReleaseEntry> Of(ClusterState state, string stack) =>
        state.History.GetValueOrDefault(stack, None);

    /// <summary>The stack's newest release; null: it has none, or it is of a version that kept no history.</summary>
    public static ReleaseEntry? Newest(ClusterState state, string stack) =>
        state.Releases.TryGetValue(stack, out var release) ? Of(state, stack).GetValueOrDefault(release.Number) : null;

    /// <summary>The release of the stack that is under way; null: none is.</summary>
    public static ReleaseEntry? Active(ClusterState state, string stack) => Newest(state, stack) is { IsActive: true } entry ? entry : null;

    /// <summary>All that are under way, by stack.</summary>
    public static List<ReleaseEntry> Active(ClusterState state) =>
        [.. state.Releases.Keys.Select(stack => Active(state, stack)).OfType<ReleaseEntry>()];

    /// <summary>The newest one that has succeeded: what the stack runs, or goes back to; null: none has.</summary>
    public static ReleaseEntry? Served(ClusterState state, string stack, int before = int.MaxValue) =>
        Of(state, stack).Values.LastOrDefault(entry => entry.State == ReleaseState.Succeeded && entry.Number < before);

    /// <summary>The number of the stack's next release.</summary>
    public static int NextNumber(ClusterState state, string stack)
    {
        var newest = state.Releases.GetValueOrDefault(stack)?.Number ?? 0;
        // An older version that removed the stack left its history: its numbers are not given again.
        return Math.Max(newest, Of(state, stack).Keys.DefaultIfEmpty().Max()) + 1;
    }

    /// <summary>Revisions of the service that kept releases are made of, or go back to.</summary>
    public static IEnumerable<int> RevisionsHeld(ClusterState state, ServiceRecord service) =>
        Of(state, service.Name.Stack).Values.Select(entry => entry.Members.GetValueOrDefault(service.Name.Name))
            .OfType<ReleaseMember>().Where(member => member.Service == service.Id)
            .SelectMany(member => new[] { member.Revision, member.FromRevision });

    /// <summary>Writes an entry without asking for room.</summary>
    public static void Put(Turn turn, ReleaseEntry entry)
    {
        turn.State = turn.State with
        {
            History = turn.State.History.SetItem(entry.Stack, Of(turn.State, entry.Stack).SetItem(entry.Number, entry)),
        };
        turn.Budget.Put(new StateChange.PutReleaseEntry(entry), SizeEstimate.Of(entry));
    }

    /// <returns>False when the turn has no room for it.</returns>
    public static bool TryPut(Turn turn, ReleaseEntry entry)
    {
        if (!turn.Budget.TryPut(new StateChange.PutReleaseEntry(entry), SizeEstimate.Of(entry))) return false;
        Put(turn, entry);
        return true;
    }

    /// <summary>
    /// Makes room for one more release: the oldest go, but never the newest that has succeeded, since that is what the stack goes back to.
    /// </summary>
    public static void Prune(Turn turn, string stack)
    {
        var kept = Of(turn.State, stack);
        var served = Served(turn.State, stack)?.Number;
        var surplus = kept.Keys.Where(number => number != served).Take(Math.Max(0, kept.Count - EngineLimits.ReleasesKept + 1));
        foreach (var number in surplus.ToList()) Drop(turn, stack, number);
        // Revisions that only those held can go.
        foreach (var service in turn.State.Services.Values.Where(service => service.Name.Stack == stack)) turn.Dirty.Add(service.Id);
    }

    /// <summary>Forgets the stack's releases.</summary>
    /// <returns>False when the turn has no room for all of it.</returns>
    public static bool TryForget(Turn turn, string stack)
    {
        var kept = Of(turn.State, stack);
        if (!turn.Budget.HasRoom(kept.Count + 1, 0)) return false;
        foreach (var number in kept.Keys) Drop(turn, stack, number);
        turn.Budget.Put(new StateChange.DeleteRelease(stack), 0);
        turn.State = turn.State with { Releases = turn.State.Releases.Remove(stack), History = turn.State.History.Remove(stack) };
        return true;
    }

    private static void Drop(Turn turn, string stack, int number)
    {
        turn.Budget.Put(new StateChange.DeleteReleaseEntry(stack, number), 0);
        turn.State = turn.State with
        {
            History = turn.State.History.SetItem(stack, Of(turn.State, stack).Remove(number)),
        };
    }
}
