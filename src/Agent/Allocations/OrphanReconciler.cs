// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace ClusterManager.Agent.Allocations;

/// <summary>Compares what is assigned with the containers that carry this cluster's labels. Pure; ordered by allocation.</summary>
internal static class OrphanReconciler
{
    /// <summary>One action for each allocation that is assigned or has a container.</summary>
    /// <param name="book">What is assigned; when it is not known, nothing is removed.</param>
    /// <param name="containers">Of this cluster only (<see cref="ContainerLabels.OwnerOf"/>), in any order.</param>
    public static ImmutableArray<OrphanAction> Reconcile(AssignmentBook book, IEnumerable<FoundContainer> containers)
    {
#if MUTANTS
        if (MutantSwitch.Is(Mutant.UnknownBookIsEmpty)) book = book with { IsKnown = true };
#endif
        var found = containers.GroupBy(c => c.Allocation).ToDictionary(group => group.Key, Ranked);
        var actions = ImmutableArray.CreateBuilder<OrphanAction>();
        foreach (var id in book.Items.Keys.Union(found.Keys).Order())
        {
            var mine = found.GetValueOrDefault(id, []);
            var isAssigned = book.Items.ContainsKey(id);
            if (mine.IsEmpty)
            {
                actions.Add(new OrphanAction.Start(id));
                continue;
            }
            var first = mine[0];
            actions.Add(isAssigned ? new OrphanAction.Adopt(id, first.Id, first.IsRunning)
                : book.RemovesOrphans ? new OrphanAction.StopAndRemove(id, first.Id)
                : new OrphanAction.Report(id, first.Id, first.IsRunning));
            if (!book.IsKnown) continue;
            foreach (var other in mine[1..]) actions.Add(new OrphanAction.RemoveDuplicate(id, other.Id));
        }
        return actions.ToImmutable();
    }

    // Running before ended, then the newest, then by id so that the order never depends on the engine's list.
    private static ImmutableArray<FoundContainer> Ranked(IEnumerable<FoundContainer> containers) =>
        [.. containers.OrderByDescending(c => c.IsRunning).ThenByDescending(c => c.Created).ThenBy(c => c.Id, StringComparer.Ordinal)];
}
