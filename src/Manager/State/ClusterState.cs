// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Model;

namespace ClusterManager.Manager.State;

/// <summary>
/// Everything the manager believes, immutable and versioned. The first part is stored in Consul; the second is what this term has
/// seen and decided for itself, and is learnt anew by the next leader. Indexes keep a turn proportional to what changed.
/// </summary>
public sealed record ClusterState
{
    /// <summary>Which cluster.</summary>
    public required ClusterMeta Meta { get; init; }

    /// <summary>Term and count of commits; a turn that commits nothing leaves it.</summary>
    public required StateVersion Version { get; init; }

    /// <summary>Id of the next service.</summary>
    public long NextServiceId { get; init; } = 1;

    /// <summary>Ordinal of the next node.</summary>
    public int NextNodeOrdinal { get; init; } = 1;

    /// <summary>Number of the next mutation.</summary>
    public long NextRequest { get; init; } = 1;

    /// <summary>The machines.</summary>
    public ImmutableSortedDictionary<NodeId, NodeRecord> Nodes { get; init; } = ImmutableSortedDictionary<NodeId, NodeRecord>.Empty;

    /// <summary>The services.</summary>
    public ImmutableSortedDictionary<ServiceId, ServiceRecord> Services { get; init; } =
        ImmutableSortedDictionary<ServiceId, ServiceRecord>.Empty;

    /// <summary>The kept revisions of each service, by number.</summary>
    public ImmutableSortedDictionary<ServiceId, ImmutableSortedDictionary<int, RevisionRecord>> Revisions { get; init; } =
        ImmutableSortedDictionary<ServiceId, ImmutableSortedDictionary<int, RevisionRecord>>.Empty;

    /// <summary>The allocations of each service, by slot.</summary>
    public ImmutableSortedDictionary<ServiceId, SlotMap> Allocations { get; init; } = ImmutableSortedDictionary<ServiceId, SlotMap>.Empty;

    /// <summary>Homes of named volumes, by <c>stack/name</c>.</summary>
    public ImmutableSortedDictionary<string, VolumeRecord> Volumes { get; init; } =
        ImmutableSortedDictionary.Create<string, VolumeRecord>(StringComparer.Ordinal);

    /// <summary>Join tokens by id.</summary>
    public ImmutableSortedDictionary<string, TokenRecord> Tokens { get; init; } =
        ImmutableSortedDictionary.Create<string, TokenRecord>(StringComparer.Ordinal);

    /// <summary>Credentials of registries, sealed, by registry.</summary>
    public ImmutableSortedDictionary<string, RegistryLoginRecord> Logins { get; init; } =
        ImmutableSortedDictionary.Create<string, RegistryLoginRecord>(StringComparer.Ordinal);

    /// <summary>Images that stay on the nodes that have them, by the image as it was asked for.</summary>
    public ImmutableSortedDictionary<string, PinRecord> Pins { get; init; } =
        ImmutableSortedDictionary.Create<string, PinRecord>(StringComparer.Ordinal);

    /// <summary>The newest release of each stack.</summary>
    public ImmutableSortedDictionary<string, ReleaseRecord> Releases { get; init; } =
        ImmutableSortedDictionary.Create<string, ReleaseRecord>(StringComparer.Ordinal);

    /// <summary>The kept releases of each stack by number, the newest one too.</summary>
    public ImmutableSortedDictionary<string, ImmutableSortedDictionary<int, ReleaseEntry>> History { get; init; } =
        ImmutableSortedDictionary.Create<string, ImmutableSortedDictionary<int, ReleaseEntry>>(StringComparer.Ordinal);

    /// <summary>The last <see cref="RequestRecord.Kept"/> mutations by request id.</summary>
    public ImmutableSortedDictionary<string, RequestRecord> Requests { get; init; } =
        ImmutableSortedDictionary.Create<string, RequestRecord>(StringComparer.Ordinal);

    // Indexes over the stored part.

    /// <summary>Services by their name in Consul and DNS: where a clash is found.</summary>
    public ImmutableSortedDictionary<string, ServiceId> ServicesByDiscoveryName { get; init; } =
        ImmutableSortedDictionary.Create<string, ServiceId>(StringComparer.Ordinal);

    /// <summary>The allocations that have not ended, by node.</summary>
    public ImmutableSortedDictionary<NodeId, ImmutableSortedSet<AllocationId>> LiveByNode { get; init; } =
        ImmutableSortedDictionary<NodeId, ImmutableSortedSet<AllocationId>>.Empty;

    /// <summary>The global services: all of them are concerned when a node changes.</summary>
    public ImmutableSortedSet<ServiceId> GlobalServices { get; init; } = [];

    /// <summary>What is reserved on each node, and which nodes take replicas. Built when a term begins.</summary>
    internal NodeIndex NodeIndex { get; init; } = NodeIndex.Empty;

    // What this term has seen and decided for itself; never stored.

    /// <summary>When this term began.</summary>
    public DateTimeOffset TermStartedAt { get; init; }

    /// <summary>What this term has seen of each node.</summary>
    public ImmutableSortedDictionary<NodeId, NodeObservation> NodeObservations { get; init; } =
        ImmutableSortedDictionary<NodeId, NodeObservation>.Empty;

    /// <summary>What the agents last reported.</summary>
    public ImmutableSortedDictionary<AllocationId, AllocationObservation> Observations { get; init; } =
        ImmutableSortedDictionary<AllocationId, AllocationObservation>.Empty;

    /// <summary>Image look-ups that wait for agents' answers, by number. Sessions send them to the nodes they name.</summary>
    public ImmutableSortedDictionary<long, ImageQuery> ImageQueries { get; init; } = ImmutableSortedDictionary<long, ImageQuery>.Empty;

    /// <summary>Number of the next image look-up of this term.</summary>
    public long NextImageQuery { get; init; } = 1;

    /// <summary>Images on their way to nodes before their rollout begins, by number (of the same count as the look-ups).</summary>
    public ImmutableSortedDictionary<long, ImagePull> ImagePulls { get; init; } = ImmutableSortedDictionary<long, ImagePull>.Empty;

    /// <summary>Gaps: replicas that no node takes, by service.</summary>
    public ImmutableSortedDictionary<ServiceId, Unplaced> Gaps { get; init; } = ImmutableSortedDictionary<ServiceId, Unplaced>.Empty;

    /// <summary>When the brake on mass loss was put on; null: it is off.</summary>
    public DateTimeOffset? BrakeSince { get; init; }

    /// <summary>The planner's own notes between turns (dirty services, due times, progress of rollouts).</summary>
    public PlannerMemory Memory { get; init; } = PlannerMemory.Empty;
}
