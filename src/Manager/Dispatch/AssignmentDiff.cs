// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Dispatch;

/// <summary>What must be sent to a node: the pure difference between what it was last sent and what the state now wants of it.</summary>
/// <param name="Upserts">New or changed.</param>
/// <param name="Removals">To be forgotten: ended and recorded, or replaced elsewhere.</param>
/// <param name="Sent">What the node has after this.</param>
internal sealed record AssignmentDiff(
    ImmutableArray<AssignedAllocation> Upserts, ImmutableArray<AllocationId> Removals,
    ImmutableSortedDictionary<AllocationId, AssignedAllocation> Sent)
{
    /// <summary>Nothing was sent yet.</summary>
    public static ImmutableSortedDictionary<AllocationId, AssignedAllocation> Nothing { get; } =
        ImmutableSortedDictionary<AllocationId, AssignedAllocation>.Empty;

    /// <summary>True when there is nothing to send.</summary>
    public bool IsEmpty => Upserts.IsEmpty && Removals.IsEmpty;

    /// <summary>Computes the difference. Costs as much as the node has allocations (200 at most unless set).</summary>
    public static AssignmentDiff Compute(
        ImmutableSortedDictionary<AllocationId, AssignedAllocation> sent, ClusterState state, NodeId node)
    {
        ArgumentNullException.ThrowIfNull(sent);
        ArgumentNullException.ThrowIfNull(state);
        var wanted = Wanted(state, node);
        var upserts = wanted.Values.Where(one => !sent.TryGetValue(one.Id, out var before) || before != one);
        var removals = sent.Keys.Where(id => !wanted.ContainsKey(id));
#if MUTANTS
        if (MutantSwitch.Is(Mutant.DiffWithoutRemovals)) removals = [];
#endif
        return new AssignmentDiff([.. upserts], [.. removals], wanted);
    }

    private static ImmutableSortedDictionary<AllocationId, AssignedAllocation> Wanted(ClusterState state, NodeId node)
    {
        var builder = Nothing.ToBuilder();
        foreach (var id in state.LiveByNode.GetValueOrDefault(node, []))
        {
            if (state.Find(id) is { } allocation && AssignedAllocation.Of(state, allocation) is { } assigned) builder[id] = assigned;
        }

        return builder.ToImmutable();
    }
}
