// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Docker;

/// <summary>POST /containers/create. Null is left out, which leaves the image's or the engine's value.</summary>
internal sealed record ContainerCreateDto
{
    public string? Image { get; init; }
    public string[]? Cmd { get; init; }
    public string[]? Entrypoint { get; init; }
    public string[]? Env { get; init; }
    public SortedDictionary<string, string>? Labels { get; init; }
    public string? User { get; init; }
    public string? WorkingDir { get; init; }
    public string? Hostname { get; init; }
    public bool? Tty { get; init; }
    public string? StopSignal { get; init; }
    public int? StopTimeout { get; init; }
    public HealthcheckDto? Healthcheck { get; init; }
    public SortedDictionary<string, EmptyDto>? ExposedPorts { get; init; }
    public HostConfigDto? HostConfig { get; init; }
    public NetworkingConfigDto? NetworkingConfig { get; init; }
}

/// <summary>What concerns the node.</summary>
internal sealed record HostConfigDto
{
    public string[]? Binds { get; init; }
    public MountDto[]? Mounts { get; init; }
    public SortedDictionary<string, PortBindingDto[]>? PortBindings { get; init; }
    public RestartPolicyDto? RestartPolicy { get; init; }
    public string? NetworkMode { get; init; }
    public bool? Init { get; init; }
    public bool? ReadonlyRootfs { get; init; }
    public string[]? CapAdd { get; init; }
    public string[]? CapDrop { get; init; }
    public UlimitDto[]? Ulimits { get; init; }
    public SortedDictionary<string, string>? Sysctls { get; init; }
    public string[]? ExtraHosts { get; init; }
    public string[]? Dns { get; init; }
    public string[]? DnsSearch { get; init; }
    public string[]? DnsOptions { get; init; }
    public long? NanoCpus { get; init; }
    public long? CpuShares { get; init; }
    public long? Memory { get; init; }
    public long? MemorySwap { get; init; }
    public long? MemoryReservation { get; init; }
    public long? PidsLimit { get; init; }
    public LogConfigDto? LogConfig { get; init; }
    public string? CgroupParent { get; init; }
}

/// <summary>A mount in the long form.</summary>
internal sealed record MountDto
{
    public required string Type { get; init; }
    public string? Source { get; init; }
    public required string Target { get; init; }
    public bool? ReadOnly { get; init; }
    public VolumeOptionsDto? VolumeOptions { get; init; }
    public TmpfsOptionsDto? TmpfsOptions { get; init; }
}

/// <summary>How a volume is mounted.</summary>
internal sealed record VolumeOptionsDto(bool NoCopy);

/// <summary>How a tmpfs is made.</summary>
internal sealed record TmpfsOptionsDto(long? SizeBytes, int? Mode);

/// <summary>Where a port is published.</summary>
internal sealed record PortBindingDto(string? HostIp, string? HostPort);

/// <summary>When the engine restarts a container by itself.</summary>
internal sealed record RestartPolicyDto(string Name);

/// <summary>A limit of processes.</summary>
internal sealed record UlimitDto(string Name, long Soft, long Hard);

/// <summary>Where output goes.</summary>
internal sealed record LogConfigDto(string Type, SortedDictionary<string, string> Config);

/// <summary>The networks to join.</summary>
internal sealed record NetworkingConfigDto(SortedDictionary<string, EndpointDto> EndpointsConfig);

/// <summary>How a network is joined.</summary>
internal sealed record EndpointDto(string[]? Aliases);

/// <summary>A health check, in requests and in answers; times in nanoseconds.</summary>
internal sealed record HealthcheckDto
{
    public string[]? Test { get; init; }
    public long? Interval { get; init; }
    public long? Timeout { get; init; }
    public long? StartPeriod { get; init; }
    public int? Retries { get; init; }
}
