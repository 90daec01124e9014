// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Model;

namespace ClusterManager.Agent.Allocations;

/// <summary>What the supervisor is told. A closed family.</summary>
internal abstract record SupervisorMessage
{
    private SupervisorMessage()
    {
    }

    /// <summary>The assignment is now this, and on disk.</summary>
    /// <param name="Book">The whole of it.</param>
    /// <param name="IsFromManager">False: read from disk at the start.</param>
    public sealed record Assigned(AssignmentBook Book, bool IsFromManager) : SupervisorMessage;

    /// <summary>The engine answers, for the first time or again: everything may have changed.</summary>
    public sealed record EngineUp : SupervisorMessage;

    /// <summary>The engine does not answer.</summary>
    public sealed record EngineDown : SupervisorMessage;

    /// <summary>Something happened to an allocation's container.</summary>
    public sealed record Happened(AllocationId Id) : SupervisorMessage;

    /// <summary>All containers of this cluster on the node.</summary>
    public sealed record Listed(ImmutableArray<FoundContainer> Containers) : SupervisorMessage;

    /// <summary>These allocations have an entry in Consul.</summary>
    public sealed record Discovered(ImmutableSortedSet<AllocationId> Ids) : SupervisorMessage;

    /// <summary>Somebody wants to know whether the loop turns; it sets the result when it comes to this message.</summary>
    public sealed record Proof(TaskCompletionSource Answer) : SupervisorMessage;

    /// <summary>A runner has nothing left to do.</summary>
    public sealed record Ended(AllocationId Id) : SupervisorMessage;
}
