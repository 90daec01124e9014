// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Manager.State;

/// <summary>All stored records of a cluster, as persistence reads them, in any order.</summary>
public sealed record StoredCluster
{
    /// <summary>Which cluster.</summary>
    public required ClusterMeta Meta { get; init; }

    /// <summary>The version to go on from.</summary>
    public required StateVersion Version { get; init; }

    /// <summary>Id of the next service.</summary>
    public required long NextServiceId { get; init; }

    /// <summary>Ordinal of the next node.</summary>
    public required int NextNodeOrdinal { get; init; }

    /// <summary>Number of the next mutation.</summary>
    public required long NextRequest { get; init; }

    /// <summary>The machines.</summary>
    public IReadOnlyList<NodeRecord> Nodes { get; init; } = [];

    /// <summary>The services.</summary>
    public IReadOnlyList<ServiceRecord> Services { get; init; } = [];

    /// <summary>Kept revisions of all services.</summary>
    public IReadOnlyList<RevisionRecord> Revisions { get; init; } = [];

    /// <summary>Allocations of all services.</summary>
    public IReadOnlyList<AllocationChunk> Allocations { get; init; } = [];

    /// <summary>Homes of volumes.</summary>
    public IReadOnlyList<VolumeRecord> Volumes { get; init; } = [];

    /// <summary>Join tokens.</summary>
    public IReadOnlyList<TokenRecord> Tokens { get; init; } = [];

    /// <summary>Credentials of registries.</summary>
    public IReadOnlyList<RegistryLoginRecord> Logins { get; init; } = [];

    /// <summary>Images that stay.</summary>
    public IReadOnlyList<PinRecord> Pins { get; init; } = [];

    /// <summary>Newest release of each stack.</summary>
    public IReadOnlyList<ReleaseRecord> Releases { get; init; } = [];

    /// <summary>Kept releases of all stacks.</summary>
    public IReadOnlyList<ReleaseEntry> History { get; init; } = [];

    /// <summary>Mutations that were carried out.</summary>
    public IReadOnlyList<RequestRecord> Requests { get; init; } = [];
}
