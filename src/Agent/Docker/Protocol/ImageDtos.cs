// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Docker;

/// <summary>GET /images/NAME/json.</summary>
internal sealed record ImageDto(
    string? Id, string[]? RepoTags, string[]? RepoDigests, string? Architecture, string? Os, long Size, ImageConfigDto? Config);

/// <summary>What an image says about its containers.</summary>
internal sealed record ImageConfigDto(
    HealthcheckDto? Healthcheck, Dictionary<string, EmptyDto>? ExposedPorts, Dictionary<string, string>? Labels, string? StopSignal);

/// <summary>One entry of GET /images/json.</summary>
internal sealed record ImageListDto(string? Id, string[]? RepoTags, string[]? RepoDigests, long Size, long Created);

/// <summary>One object of the answer to POST /images/create.</summary>
internal sealed record PullStepDto(
    string? status, string? id, PullStepProgressDto? progressDetail, string? error, PullStepErrorDto? errorDetail);

/// <summary>How far a step is.</summary>
internal sealed record PullStepProgressDto(long current, long total);

/// <summary>Why a pull failed.</summary>
internal sealed record PullStepErrorDto(string? message);

/// <summary>GET /distribution/NAME/json.</summary>
internal sealed record DistributionDto(DistributionDescriptorDto? Descriptor);

/// <summary>The manifest at the registry.</summary>
internal sealed record DistributionDescriptorDto(string? digest);

/// <summary>The X-Registry-Auth header.</summary>
internal sealed record RegistryAuthDto(string? username, string? password, string? serveraddress, string? identitytoken);

/// <summary><c>{}</c>: Docker writes sets as objects with empty values.</summary>
internal sealed record EmptyDto;
