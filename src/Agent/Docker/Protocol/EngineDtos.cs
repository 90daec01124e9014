// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Docker;

// The engine's JSON, as far as it is read. Everything may be absent or null: engines differ. Names are the engine's.

/// <summary>GET /version.</summary>
internal sealed record EngineVersionDto(string? Version, string? ApiVersion, string? MinAPIVersion);

/// <summary>GET /info.</summary>
internal sealed record EngineInfoDto(
    string? ID,
    string? Name,
    string? ServerVersion,
    int NCPU,
    long MemTotal,
    string? OSType,
    string? OperatingSystem,
    string? Architecture,
    string? KernelVersion,
    string? CgroupVersion,
    string? Driver,
    bool LiveRestoreEnabled,
    string[]? SecurityOptions,
    string? DockerRootDir,
    int ContainersRunning);

/// <summary>The body of every error.</summary>
internal sealed record ErrorDto(string? message);

/// <summary>One object of GET /events.</summary>
internal sealed record EventDto(string? Type, string? Action, EventActorDto? Actor, long time, long timeNano);

/// <summary>What an event is about.</summary>
internal sealed record EventActorDto(string? ID, Dictionary<string, string>? Attributes);
