// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Docker;

/// <summary>The answer to POST /containers/create.</summary>
internal sealed record ContainerCreatedDto(string? Id, string[]? Warnings);

/// <summary>GET /containers/ID/json.</summary>
internal sealed record ContainerDto(
    string? Id,
    string? Name,
    string? Image,
    string? Created,
    ContainerStateDto? State,
    ContainerConfigDto? Config,
    NetworkSettingsDto? NetworkSettings);

/// <summary>Where a container stands.</summary>
internal sealed record ContainerStateDto(
    string? Status,
    int ExitCode,
    bool OOMKilled,
    string? Error,
    int Pid,
    string? StartedAt,
    string? FinishedAt,
    HealthDto? Health);

/// <summary>What the health check found.</summary>
internal sealed record HealthDto(string? Status, int FailingStreak, HealthProbeDto[]? Log);

/// <summary>One run of the health check.</summary>
internal sealed record HealthProbeDto(string? Start, string? End, int ExitCode, string? Output);

/// <summary>What a container was made of.</summary>
internal sealed record ContainerConfigDto(string? Image, Dictionary<string, string>? Labels, bool Tty);

/// <summary>Its networks.</summary>
internal sealed record NetworkSettingsDto(
    Dictionary<string, PortBindingDto[]?>? Ports, Dictionary<string, EndpointStateDto>? Networks);

/// <summary>Its place in one network.</summary>
internal sealed record EndpointStateDto(string? IPAddress);

/// <summary>One entry of GET /containers/json.</summary>
internal sealed record ContainerListDto(
    string? Id, string[]? Names, string? ImageID, string? State, string? Status, Dictionary<string, string>? Labels, long Created);

/// <summary>The answer to POST /containers/ID/wait.</summary>
internal sealed record WaitDto(int StatusCode, WaitErrorDto? Error);

/// <summary>What went wrong while waiting.</summary>
internal sealed record WaitErrorDto(string? Message);

/// <summary>GET /containers/ID/stats.</summary>
internal sealed record StatsDto(
    string? read,
    CpuStatsDto? cpu_stats,
    MemoryStatsDto? memory_stats,
    PidsStatsDto? pids_stats,
    Dictionary<string, NetworkStatsDto>? networks);

/// <summary>Processor use.</summary>
internal sealed record CpuStatsDto(CpuUsageDto? cpu_usage);

/// <summary>Processor use so far, in nanoseconds.</summary>
internal sealed record CpuUsageDto(ulong total_usage);

/// <summary>Memory use; the names of the details differ between cgroup 1 and 2.</summary>
internal sealed record MemoryStatsDto(ulong usage, ulong limit, Dictionary<string, ulong>? stats);

/// <summary>Number of processes.</summary>
internal sealed record PidsStatsDto(ulong current);

/// <summary>Traffic of one network.</summary>
internal sealed record NetworkStatsDto(ulong rx_bytes, ulong tx_bytes);
