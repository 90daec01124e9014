// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Docker;

/// <summary>POST /networks/create.</summary>
internal sealed record NetworkCreateDto(
    string Name,
    string Driver,
    bool CheckDuplicate,
    IpamDto? IPAM,
    SortedDictionary<string, string> Options,
    SortedDictionary<string, string> Labels);

/// <summary>The answer to POST /networks/create.</summary>
internal sealed record NetworkCreatedDto(string? Id);

/// <summary>A network.</summary>
internal sealed record NetworkDto(
    string? Id, string? Name, string? Driver, IpamDto? IPAM, Dictionary<string, string>? Options, Dictionary<string, string>? Labels);

/// <summary>How addresses are given.</summary>
internal sealed record IpamDto(IpamConfigDto[]? Config);

/// <summary>One range.</summary>
internal sealed record IpamConfigDto(string? Subnet, string? IPRange, string? Gateway);

/// <summary>POST /volumes/create.</summary>
internal sealed record VolumeCreateDto(
    string Name, string Driver, SortedDictionary<string, string> DriverOpts, SortedDictionary<string, string> Labels);

/// <summary>A volume.</summary>
internal sealed record VolumeDto(string? Name, string? Driver, string? Mountpoint, Dictionary<string, string>? Labels, string? CreatedAt);

/// <summary>GET /volumes.</summary>
internal sealed record VolumeListDto(VolumeDto[]? Volumes);
