// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Docker;

/// <summary>Translates networks and volumes between the engine's words and ours. Pure.</summary>
internal static class NetworkMapping
{
    /// <summary>The body of POST /networks/create.</summary>
    public static NetworkCreateDto ToDto(NetworkRequest request) => new(
        request.Name,
        "bridge",
        // Engine 20.10 would otherwise make a second network of the same name.
        CheckDuplicate: true,
        request.Subnet is null ? null : new IpamDto([new IpamConfigDto(request.Subnet, request.AddressRange, request.Gateway)]),
        EngineMapping.ToSend(request.Options),
        EngineMapping.ToSend(request.Labels));

    /// <summary>A network in our words.</summary>
    public static NetworkDetails ToDetails(NetworkDto dto)
    {
        var range = dto.IPAM?.Config?.FirstOrDefault();
        return new NetworkDetails
        {
            Id = dto.Id ?? "",
            Name = dto.Name ?? "",
            Driver = dto.Driver ?? "",
            Subnet = EngineMapping.NullIfEmpty(range?.Subnet),
            Gateway = EngineMapping.NullIfEmpty(range?.Gateway),
            Labels = EngineMapping.Sorted(dto.Labels),
            Options = EngineMapping.Sorted(dto.Options),
        };
    }

    /// <summary>A volume in our words.</summary>
    public static VolumeDetails ToDetails(VolumeDto dto) => new(
        dto.Name ?? "",
        dto.Driver ?? "",
        dto.Mountpoint ?? "",
        EngineMapping.Sorted(dto.Labels),
        EngineTime.ParseOptional(dto.CreatedAt) ?? DateTimeOffset.UnixEpoch);
}
