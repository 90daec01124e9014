// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.State;
using ClusterManager.Model;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Persistence;

/// <summary>Everything a new leader finds in Consul, decoded.</summary>
internal sealed record LoadedState
{
    /// <summary>Which cluster.</summary>
    public required ClusterMeta Meta { get; init; }

    /// <summary>The last commit and the counters.</summary>
    public required V1.StoredVersion Version { get; init; }

    /// <summary>Consul's index of the version key: the first commit of the term cas'es it.</summary>
    public required ulong VersionIndex { get; init; }

    public ImmutableArray<NodeRecord> Nodes { get; init; } = [];

    public ImmutableArray<ServiceRecord> Services { get; init; } = [];

    public ImmutableArray<RevisionRecord> Revisions { get; init; } = [];

    public ImmutableArray<AllocationRecord> Allocations { get; init; } = [];

    public ImmutableArray<(ServiceId Service, int Slot, int Generation)> LastGenerations { get; init; } = [];

    public ImmutableArray<VolumeRecord> Volumes { get; init; } = [];

    public ImmutableArray<TokenRecord> Tokens { get; init; } = [];

    public ImmutableArray<ReleaseRecord> Releases { get; init; } = [];

    public ImmutableArray<RequestRecord> Requests { get; init; } = [];
}
