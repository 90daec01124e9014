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

    /// <summary>Nothing is known but the version that <c>node.json</c> remembers.</summary>
    public static AssignmentBook Unknown(StateVersion version) => new(false, version, NoItems);

    /// <summary>Known to be empty: a node that has just joined.</summary>
    public static AssignmentBook Empty(StateVersion version) => new(true, version, NoItems);

    /// <summary>The book after an update that <see cref="Session.VersionGate"/> has let pass.</summary>
    /// <remarks>A desired state never moves down: an upsert that would lower it keeps the higher one.</remarks>
    public AssignmentBook Apply(AssignmentUpdate update)
    {
        var items = update.IsComplete ? NoItems.ToBuilder() : Items.ToBuilder();
        foreach (var id in update.Removals) items.Remove(id);
        foreach (var upsert in update.Upserts)
        {
            var desired = Items.TryGetValue(upsert.Id, out var known) && known.Desired > upsert.Desired ? known.Desired : upsert.Desired;
            items[upsert.Id] = upsert with { Desired = desired };
        }
        return new AssignmentBook(true, update.To, items.ToImmutable());
    }
}
