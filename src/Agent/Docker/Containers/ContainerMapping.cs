// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace ClusterManager.Agent.Docker;

/// <summary>Translates what the engine says about containers into our words. Pure.</summary>
internal static class ContainerMapping
{
    /// <summary>A container in our words.</summary>
    public static ContainerDetails ToDetails(ContainerDto dto)
    {
        var state = dto.State;
        return new ContainerDetails
        {
            Id = dto.Id ?? "",
            Name = WithoutSlash(dto.Name),
            ImageId = dto.Image ?? "",
            Image = dto.Config?.Image ?? "",
            Labels = EngineMapping.Sorted(dto.Config?.Labels),
            State = ToState(state?.Status),
            ExitCode = state?.ExitCode ?? 0,
            OutOfMemory = state?.OOMKilled ?? false,
            Error = state?.Error ?? "",
            Pid = state?.Pid ?? 0,
            Created = EngineTime.ParseOptional(dto.Created) ?? DateTimeOffset.UnixEpoch,
            Started = EngineTime.ParseOptional(state?.StartedAt),
            Finished = EngineTime.ParseOptional(state?.FinishedAt),
            Health = ToHealth(state?.Health?.Status),
            HealthFailures = state?.Health?.FailingStreak ?? 0,
            HealthLog = [.. (state?.Health?.Log ?? []).Select(ToProbe)],
            Tty = dto.Config?.Tty ?? false,
            Addresses = ToAddresses(dto.NetworkSettings?.Networks),
            Ports = PortMapping.FromDto(dto.NetworkSettings?.Ports),
        };
    }

    /// <summary>A line of the list in our words.</summary>
    public static ContainerSummary ToSummary(ContainerListDto dto) => new(
        dto.Id ?? "",
        WithoutSlash(dto.Names?.FirstOrDefault()),
        dto.ImageID ?? "",
        ToState(dto.State),
        dto.Status ?? "",
        EngineMapping.Sorted(dto.Labels),
        DateTimeOffset.FromUnixTimeSeconds(dto.Created));

    /// <summary>A reading in our words.</summary>
    public static ContainerUsage ToUsage(StatsDto dto)
    {
        var networks = dto.networks ?? [];
        return new ContainerUsage(
            EngineTime.ParseOptional(dto.read),
            TimeSpan.FromTicks((long)((dto.cpu_stats?.cpu_usage?.total_usage ?? 0) / TimeSpan.NanosecondsPerTick)),
            WithoutPageCache(dto.memory_stats),
            Clamp(dto.memory_stats?.limit ?? 0),
            Clamp(dto.pids_stats?.current ?? 0),
            networks.Values.Sum(network => Clamp(network.rx_bytes)),
            networks.Values.Sum(network => Clamp(network.tx_bytes)));
    }

    private static ContainerState ToState(string? word) => word switch
    {
        "created" => ContainerState.Created,
        "running" => ContainerState.Running,
        "paused" => ContainerState.Paused,
        "restarting" => ContainerState.Restarting,
        "removing" => ContainerState.Removing,
        "exited" => ContainerState.Exited,
        "dead" => ContainerState.Dead,
        _ => ContainerState.Unknown,
    };

    private static ContainerHealth ToHealth(string? word) => word switch
    {
        "starting" => ContainerHealth.Starting,
        "healthy" => ContainerHealth.Healthy,
        "unhealthy" => ContainerHealth.Unhealthy,
        _ => ContainerHealth.None,
    };

    private static HealthProbe ToProbe(HealthProbeDto dto) => new(
        EngineTime.ParseOptional(dto.Start) ?? DateTimeOffset.UnixEpoch,
        EngineTime.ParseOptional(dto.End) ?? DateTimeOffset.UnixEpoch,
        dto.ExitCode,
        dto.Output ?? "");

    private static ImmutableSortedDictionary<string, string> ToAddresses(Dictionary<string, EndpointStateDto>? networks) =>
        EngineMapping.Sorted((networks ?? []).Select(pair => KeyValuePair.Create(pair.Key, pair.Value.IPAddress ?? "")));

    // As `docker stats` shows it: file pages that were not used lately do not count. cgroup 1 says total_inactive_file, 2 inactive_file.
    private static long WithoutPageCache(MemoryStatsDto? memory)
    {
        if (memory is null)
            return 0;
        var inactive = memory.stats?.GetValueOrDefault("total_inactive_file", memory.stats.GetValueOrDefault("inactive_file")) ?? 0;
        return Clamp(inactive < memory.usage ? memory.usage - inactive : memory.usage);
    }

    private static long Clamp(ulong number) => number > long.MaxValue ? long.MaxValue : (long)number;

    private static string WithoutSlash(string? name) => name?.TrimStart('/') ?? "";
}
