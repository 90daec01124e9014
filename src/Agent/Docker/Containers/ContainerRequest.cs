// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace ClusterManager.Agent.Docker;

/// <summary>
/// A container to create. What is left null or empty stays as the image or the engine has it. The engine never restarts it by itself:
/// its restart policy is always <c>no</c>, restarts are the agent's.
/// </summary>
public sealed record ContainerRequest
{
    private static readonly IReadOnlyDictionary<string, string> NoPairs = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Its name on the node; a taken one is refused with <see cref="DockerErrorKind.NameTaken"/>.</summary>
    public required string Name { get; init; }

    /// <summary>The image: a name, a name with digest, or an id. It must be on the node.</summary>
    public required string Image { get; init; }

    /// <summary>Replaces the image's command; null keeps it.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>
    /// Replaces the image's entrypoint, and drops the image's command with it; null keeps it, an empty list takes it away.
    /// </summary>
    public IReadOnlyList<string>? Entrypoint { get; init; }

    /// <summary>Environment variables. A null value unsets one that the image sets.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = ImmutableSortedDictionary<string, string?>.Empty;

    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = NoPairs;

    /// <summary>User and group to run as, such as <c>1000:1000</c> or <c>nobody</c>; null for the image's.</summary>
    public string? User { get; init; }

    /// <summary>The directory to start in; null for the image's.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>The container's host name; null for its short id.</summary>
    public string? Hostname { get; init; }

    /// <summary>True puts an init process in front that reaps children; null for the engine's default.</summary>
    public bool? Init { get; init; }

    /// <summary>True gives it a terminal: one output stream, lines ending in CR LF.</summary>
    public bool Tty { get; init; }

    /// <summary>True makes the image's files unwritable.</summary>
    public bool ReadOnlyRoot { get; init; }

    /// <summary>Capabilities beyond Docker's default set.</summary>
    public IReadOnlyList<string> CapabilitiesAdded { get; init; } = [];

    /// <summary>Capabilities taken from Docker's default set.</summary>
    public IReadOnlyList<string> CapabilitiesDropped { get; init; } = [];

    /// <summary>Limits of its processes.</summary>
    public IReadOnlyList<ContainerUlimit> Ulimits { get; init; } = [];

    /// <summary>Kernel parameters of its own namespaces.</summary>
    public IReadOnlyDictionary<string, string> Sysctls { get; init; } = NoPairs;

    /// <summary>The signal that asks it to end; null for the image's or SIGTERM.</summary>
    public string? StopSignal { get; init; }

    /// <summary>
    /// How long the engine waits after that signal when it stops containers of its own accord; null for 10 s. Whole seconds.
    /// </summary>
    public TimeSpan? StopTimeout { get; init; }

    /// <summary>Lines for its hosts file as <c>name:address</c>.</summary>
    public IReadOnlyList<string> ExtraHosts { get; init; } = [];

    /// <summary>What is mounted into it.</summary>
    public IReadOnlyList<ContainerMount> Mounts { get; init; } = [];

    /// <summary>What is published at the host.</summary>
    public IReadOnlyList<PortBinding> Ports { get; init; } = [];

    /// <summary>Its health check; null for the image's.</summary>
    public ContainerHealthcheck? Healthcheck { get; init; }

    /// <summary>Processor time it may use at most, in billionths of a processor; 0 for no limit.</summary>
    public long NanoCpus { get; init; }

    /// <summary>Its weight when processors are scarce; 0 for the default, 1024.</summary>
    public long CpuShares { get; init; }

    /// <summary>Memory it may use at most, swap included; 0 for no limit. The engine's minimum is 6 MiB.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>Memory it is pushed back to when memory is scarce; 0 for none.</summary>
    public long MemoryReservationBytes { get; init; }

    /// <summary>Processes and threads it may have at most; 0 for no limit.</summary>
    public long PidsMax { get; init; }

    /// <summary>
    /// The log driver; null for the engine's default. Only <c>json-file</c>, <c>local</c> and <c>journald</c> can be read back everywhere.
    /// An unknown one is searched for among plugins: the refusal takes 15 s.
    /// </summary>
    public string? LogDriver { get; init; }

    /// <summary>Options of <see cref="LogDriver"/>, such as <c>max-size</c>.</summary>
    public IReadOnlyDictionary<string, string> LogOptions { get; init; } = NoPairs;

    /// <summary>Name servers; empty for the engine's default.</summary>
    public IReadOnlyList<string> DnsServers { get; init; } = [];

    /// <summary>Domains to try for short names.</summary>
    public IReadOnlyList<string> DnsSearch { get; init; } = [];

    /// <summary>Options of its resolver, such as <c>ndots:1</c>.</summary>
    public IReadOnlyList<string> DnsOptions { get; init; } = [];

    /// <summary>The network it joins: a network's name, <c>host</c> or <c>none</c>; null for the engine's default bridge.</summary>
    public string? Network { get; init; }

    /// <summary>Further names of it in <see cref="Network"/>, which must then be a network of ours.</summary>
    public IReadOnlyList<string> NetworkAliases { get; init; } = [];

    /// <summary>The cgroup that its own is made in; null for the engine's.</summary>
    public string? CgroupParent { get; init; }
}
