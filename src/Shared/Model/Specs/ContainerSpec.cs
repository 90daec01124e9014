// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace ClusterManager.Model;

/// <summary>What runs in one replica's container. Null or empty means: as the image says.</summary>
public sealed record ContainerSpec
{
    /// <summary>The image reference as the user wrote it, for example <c>registry.lab:5000/web:1</c>.</summary>
    public required string Image { get; init; }

    /// <summary>Replaces the image's CMD. Null: the image's own; empty: none.</summary>
    public ImmutableArray<string>? Command { get; init; }

    /// <summary>Replaces the image's ENTRYPOINT. Null: the image's own; empty: none.</summary>
    public ImmutableArray<string>? Entrypoint { get; init; }

    /// <summary>Environment variables. <c>CLUSTER_*</c> is added by the agent and may not be set here.</summary>
    public ImmutableSortedDictionary<string, string> Environment { get; init; } = Maps.Empty;

    /// <summary>Container labels. The prefix <c>cluster.</c> is the cluster's own.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = Maps.Empty;

    /// <summary>User or user:group; null: the image's.</summary>
    public string? User { get; init; }

    /// <summary>Working directory, absolute; null: the image's.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Host name inside the container; null: the container's id.</summary>
    public string? Hostname { get; init; }

    /// <summary>Run a small init as process 1. Null: the engine's default.</summary>
    public bool? Init { get; init; }

    /// <summary>Mount the root file system read-only.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Linux capabilities added, upper case without <c>CAP_</c>.</summary>
    public ImmutableArray<string> CapabilitiesAdded { get; init; } = [];

    /// <summary>Linux capabilities dropped, upper case without <c>CAP_</c>; <c>ALL</c> is allowed.</summary>
    public ImmutableArray<string> CapabilitiesDropped { get; init; } = [];

    /// <summary>Resource limits of the processes, by name.</summary>
    public ImmutableArray<UlimitSpec> Ulimits { get; init; } = [];

    /// <summary>Namespaced kernel parameters.</summary>
    public ImmutableSortedDictionary<string, string> Sysctls { get; init; } = Maps.Empty;

    /// <summary>The stop signal's name, for example <c>SIGTERM</c>; null: the image's, else SIGTERM.</summary>
    public string? StopSignal { get; init; }

    /// <summary>Time between the stop signal and the kill. Default 10 s, 0 to 24 h.</summary>
    public TimeSpan StopGracePeriod { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Lines of <c>/etc/hosts</c>: host name and address (or <c>host-gateway</c>).</summary>
    public ImmutableArray<HostEntry> ExtraHosts { get; init; } = [];

    /// <summary>Binds, named volumes and tmpfs.</summary>
    public ImmutableArray<MountSpec> Mounts { get; init; } = [];
}
