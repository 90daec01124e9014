// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Agent.Allocations;

/// <summary>What to do about one allocation or one container after a full list. A closed family.</summary>
internal abstract record OrphanAction
{
    private OrphanAction(AllocationId allocation) => Allocation = allocation;

    /// <summary>Which allocation.</summary>
    public AllocationId Allocation { get; }

    /// <summary>It is assigned and has this container: go on with it, whether it runs or has ended.</summary>
    public sealed record Adopt(AllocationId Id, string ContainerId, bool IsRunning) : OrphanAction(Id);

    /// <summary>It is assigned and has no container.</summary>
    public sealed record Start(AllocationId Id) : OrphanAction(Id);

    /// <summary>It is not assigned, and that is known for sure: leave discovery, drain, stop, remove.</summary>
    public sealed record StopAndRemove(AllocationId Id, string ContainerId) : OrphanAction(Id);

    /// <summary>A second container of one allocation: only the newer running one counts.</summary>
    public sealed record RemoveDuplicate(AllocationId Id, string ContainerId) : OrphanAction(Id);

    /// <summary>What should be here is not known: adopt it as it is, report it, change nothing.</summary>
    public sealed record Report(AllocationId Id, string ContainerId, bool IsRunning) : OrphanAction(Id);
}
