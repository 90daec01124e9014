// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Docker;

/// <summary>
/// GET /containers/ID/json, read for what the container was made of: in the same words as the request that made it, so that both can be
/// compared. Apart from <see cref="ContainerDto"/>, so that an engine with other words here disturbs no container.
/// </summary>
internal sealed record ContainerMakeDto(string? Name, string? Image, MadeConfigDto? Config, MadeHostDto? HostConfig,
    ContainerStateDto? State, NetworkSettingsDto? NetworkSettings);

/// <summary>What concerns the process.</summary>
internal sealed record MadeConfigDto
{
    public string? Image { get; init; }
    public string[]? Cmd { get; init; }
    public string[]? Entrypoint { get; init; }
    public string[]? Env { get; init; }
    public Dictionary<string, string>? Labels { get; init; }
    public string? User { get; init; }
    public string? WorkingDir { get; init; }
    public string? Hostname { get; init; }
    public string? StopSignal { get; init; }
    public int? StopTimeout { get; init; }
    public HealthcheckDto? Healthcheck { get; init; }
}

/// <summary>What concerns the node; more than we ask for, since others can change it.</summary>
internal sealed record MadeHostDto
{
    public string[]? Binds { get; init; }
    public MountDto[]? Mounts { get; init; }
    public Dictionary<string, PortBindingDto[]>? PortBindings { get; init; }
    public MadeRestartDto? RestartPolicy { get; init; }
    public string? NetworkMode { get; init; }
    public bool? Init { get; init; }
    public bool? ReadonlyRootfs { get; init; }
    public bool? Privileged { get; init; }
    public string[]? CapAdd { get; init; }
    public string[]? CapDrop { get; init; }
    public UlimitDto[]? Ulimits { get; init; }
    public Dictionary<string, string>? Sysctls { get; init; }
    public string[]? ExtraHosts { get; init; }
    public string[]? Dns { get; init; }
    public long? NanoCpus { get; init; }
    public long? CpuQuota { get; init; }
    public long? CpuShares { get; init; }
    public string? CpusetCpus { get; init; }
    public long? Memory { get; init; }
    public long? MemorySwap { get; init; }
    public long? MemoryReservation { get; init; }
    public long? PidsLimit { get; init; }
    public MadeLogDto? LogConfig { get; init; }
}

/// <summary>When the engine restarts it by itself.</summary>
internal sealed record MadeRestartDto(string? Name);

/// <summary>Where its output goes.</summary>
internal sealed record MadeLogDto(string? Type, Dictionary<string, string>? Config);

/// <summary>GET /images/NAME/json, read for what an image gives its containers.</summary>
internal sealed record ImageMakeDto(MadeConfigDto? Config);
