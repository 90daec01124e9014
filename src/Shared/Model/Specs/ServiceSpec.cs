// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace ClusterManager.Model;

/// <summary>What a user asks for. Immutable; the system never edits one. Collections are never null and keep ordinal order.</summary>
public sealed record ServiceSpec
{
    /// <summary>
    /// The drain delay unless another is asked for: 3 s. A removal was seen to reach Consul's DNS within 40 ms; who looks a name up once
    /// a second learns of it within 1 s, or within 2 s when one datagram is lost; what was sent in that last moment may take the rest.
    /// </summary>
    public static readonly TimeSpan DefaultDrainDelay = TimeSpan.FromSeconds(3);

    /// <summary>Stack and name.</summary>
    public required ServiceName Name { get; init; }

    /// <summary>Replicated (a number of replicas) or global (one on each node that fits).</summary>
    public ServiceMode Mode { get; init; } = ServiceMode.Replicated;

    /// <summary>
    /// Replicas wanted, 0 to 10,000. Null keeps the running service's count (1 for a new one). Must be null for a global service.
    /// </summary>
    public int? Replicas { get; init; }

    /// <summary>What runs.</summary>
    public required ContainerSpec Container { get; init; }

    /// <summary>Ports offered outside the container.</summary>
    public ImmutableArray<PortSpec> Ports { get; init; } = [];

    /// <summary>How health is judged. Null: by the image's own HEALTHCHECK if it has one, else running is enough.</summary>
    public HealthSpec? Health { get; init; }

    /// <summary>Limits that the engine enforces and reservations that placement counts.</summary>
    public ResourceSpec Resources { get; init; } = ResourceSpec.None;

    /// <summary>Rules a node must meet, all of them.</summary>
    public ImmutableArray<PlacementConstraint> Constraints { get; init; } = [];

    /// <summary>What happens when the container ends by itself.</summary>
    public RestartPolicy Restart { get; init; } = RestartPolicy.Default;

    /// <summary>How replicas are replaced by newer ones.</summary>
    public UpdatePolicy Update { get; init; } = UpdatePolicy.Default;

    /// <summary>What is followed in the image's registry.</summary>
    public TrackPolicy Track { get; init; } = TrackPolicy.None;

    /// <summary>
    /// Services of the same stack that a release waits for before it applies this one, by their names within the stack. A change of it
    /// alone restarts nothing, and a change of a single service does not ask for it.
    /// </summary>
    public ImmutableSortedDictionary<string, DependencyCondition> DependsOn { get; init; } = Dependencies.None;

    /// <summary>The service's own labels (compose <c>deploy.labels</c>); they do not reach the container.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = Maps.Empty;

    /// <summary>How long a rollout may go without progress before it has failed. Default 5 minutes, 1 s to 24 h.</summary>
    public TimeSpan ProgressDeadline { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long an allocation stays out of discovery before its stop signal, so that callers have forgotten it. Default 3 s, 0 to 10 min.
    /// Connections that are open then get up to 10 s more to end; with 0 the stop signal follows at once.
    /// </summary>
    public TimeSpan DrainDelay { get; init; } = DefaultDrainDelay;
}
