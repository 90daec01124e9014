// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Model;

namespace ClusterManager.Agent.Allocations;

/// <summary>All that the manager wants of this node, at one version. Immutable. What is on the agent's disk.</summary>
/// <param name="IsKnown">
/// False when nothing could be read from the disk: what runs is then adopted and reported, and nothing is removed before a manager has
/// spoken.
/// </param>
/// <param name="Version">The version of the newest update that was applied.</param>
/// <param name="Items">The assignments by allocation.</param>
internal sealed record AssignmentBook(bool IsKnown, StateVersion Version, ImmutableSortedDictionary<AllocationId, Assignment> Items)
{
    private static readonly ImmutableSortedDictionary<AllocationId, Assignment> NoItems =
        ImmutableSortedDictionary<AllocationId, Assignment>.Empty;

    /// <summary>The life of the state that <see cref="Items"/> are of; 0: not known.</summary>
    public long Life { get; init; }

    /// <summary>
    /// Nothing was known when this life of the state began, a restore: containers that are not assigned may be what the backup lacks, and
    /// are reported, not removed.
    /// </summary>
    public bool KeepsOrphans { get; init; }

    /// <summary>
    /// No manager has spoken since the agent's start: the disk may have lost the newest assignment (a damaged file's previous generation,
    /// a disk that was full), so a container that it does not name may be wanted.
    /// </summary>
    public bool IsFromDisk { get; init; }

    /// <summary>Containers that are not assigned are to go.</summary>
    public bool RemovesOrphans => IsKnown && !IsFromDisk && !KeepsOrphans;

    /// <summary>Nothing is known but the version that <c>node.json</c> remembers.</summary>
    public static AssignmentBook Unknown(StateVersion version) => new(false, version, NoItems);

    /// <summary>Known to be empty: a node that has just joined.</summary>
    public static AssignmentBook Empty(StateVersion version) => new(true, version, NoItems);

    /// <summary>The book after an update that <see cref="Session.VersionGate"/> has let pass.</summary>
    /// <remarks>
    /// A desired state never moves down: an upsert that would lower it keeps the higher one. What ran by an earlier life of the state and
    /// is not named by the new one stays as a stray: a restored backup knows less than runs, and must not delete it.
    /// </remarks>
    public AssignmentBook Apply(AssignmentUpdate update)
    {
        var items = (update.IsComplete ? Strays(update.To.Incarnation) : Items).ToBuilder();
        foreach (var id in update.Removals) items.Remove(id);
        foreach (var upsert in update.Upserts)
        {
            var desired = Items.TryGetValue(upsert.Id, out var known) && known.Desired > upsert.Desired ? known.Desired : upsert.Desired;
            items[upsert.Id] = upsert with { Desired = desired };
        }
        var mayBeRestored = update.To.Incarnation > 1 && !update.IsFromDisk;
        return new AssignmentBook(true, update.To, items.ToImmutable())
        {
            Life = update.To.Incarnation, IsFromDisk = update.IsFromDisk,
            KeepsOrphans = KeepsOrphans || update.KeepsOrphans || (!IsKnown && Life == 0 && mayBeRestored),
        };
    }

    /// <summary>What a manager of the given life of the state may not know: everything that runs when it is a newer one, else the
    /// strays.</summary>
    public ImmutableSortedDictionary<AllocationId, Assignment> Strays(long incarnation)
    {
        var isNewLife = Life > 0 && incarnation > Life;
        return Items.Where(pair => pair.Value.Desired <= DesiredState.Run && (isNewLife || pair.Value.IsStray))
            .ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value with { IsStray = true });
    }
}
