// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace ClusterManager.Agent.Docker;

/// <summary>Translates a <see cref="ContainerRequest"/> into the engine's words. Pure: the same request gives the same bytes.</summary>
internal static class ContainerRequestMapping
{
    /// <summary>The body of POST /containers/create.</summary>
    public static ContainerCreateDto ToDto(ContainerRequest request) => new()
    {
        Image = request.Image,
        Cmd = request.Command is { } command ? [.. command] : null,
        // An empty list would mean "the image's"; a list of one empty text takes the entrypoint away.
        Entrypoint = request.Entrypoint is { } entrypoint ? (entrypoint.Count == 0 ? [""] : [.. entrypoint]) : null,
        Env = ToEnvironment(request.Environment),
        Labels = EngineMapping.ToSendOrNull(request.Labels),
        User = request.User,
        WorkingDir = request.WorkingDirectory,
        Hostname = request.Hostname,
        Tty = request.Tty ? true : null,
        StopSignal = request.StopSignal,
        StopTimeout = request.StopTimeout is { } timeout ? WholeSeconds(timeout) : null,
        Healthcheck = request.Healthcheck is { } check ? HealthcheckMapping.ToDto(check) : null,
        ExposedPorts = PortMapping.ToExposed(request.Ports),
        HostConfig = ToHostConfig(request),
        NetworkingConfig = ToNetworking(request),
    };

    /// <summary>A time in whole seconds, rounded up: the engine knows no fractions, and 0 would mean "at once".</summary>
    public static int WholeSeconds(TimeSpan time) => (int)Math.Clamp(Math.Ceiling(time.TotalSeconds), 0, int.MaxValue);

    private static HostConfigDto ToHostConfig(ContainerRequest request) => new()
    {
        Binds = ToBinds(request.Mounts),
        Mounts = ToMounts(request.Mounts),
        PortBindings = PortMapping.ToDto(request.Ports),
        RestartPolicy = new RestartPolicyDto("no"),
        NetworkMode = request.Network,
        Init = request.Init,
        ReadonlyRootfs = request.ReadOnlyRoot ? true : null,
        CapAdd = EngineMapping.ToSendOrNull(request.CapabilitiesAdded),
        CapDrop = EngineMapping.ToSendOrNull(request.CapabilitiesDropped),
        Ulimits = request.Ulimits.Count == 0 ? null : [.. request.Ulimits.Select(ToUlimit)],
        Sysctls = EngineMapping.ToSendOrNull(request.Sysctls),
        ExtraHosts = EngineMapping.ToSendOrNull(request.ExtraHosts),
        Dns = EngineMapping.ToSendOrNull(request.DnsServers),
        DnsSearch = EngineMapping.ToSendOrNull(request.DnsSearch),
        DnsOptions = EngineMapping.ToSendOrNull(request.DnsOptions),
        NanoCpus = EngineMapping.NullIfZero(request.NanoCpus),
        CpuShares = EngineMapping.NullIfZero(request.CpuShares),
        Memory = EngineMapping.NullIfZero(request.MemoryBytes),
        // The limit counts swap in: left out, the engine would allow as much swap again.
        MemorySwap = EngineMapping.NullIfZero(request.MemoryBytes),
        MemoryReservation = EngineMapping.NullIfZero(request.MemoryReservationBytes),
        PidsLimit = EngineMapping.NullIfZero(request.PidsMax),
        LogConfig = request.LogDriver is { } driver ? new LogConfigDto(driver, EngineMapping.ToSend(request.LogOptions)) : null,
        CgroupParent = request.CgroupParent,
    };

    private static string[]? ToEnvironment(IReadOnlyDictionary<string, string?> environment)
    {
        var ordered = environment.OrderBy(pair => pair.Key, StringComparer.Ordinal);
        return environment.Count == 0 ? null : [.. ordered.Select(pair => pair.Value is null ? pair.Key : $"{pair.Key}={pair.Value}")];
    }

    private static UlimitDto ToUlimit(ContainerUlimit limit) => new(limit.Name, limit.Soft, limit.Hard);

    // The short form is the only one that makes a missing source at API 1.41.
    private static string[]? ToBinds(IReadOnlyList<ContainerMount> mounts)
    {
        var binds = mounts.OfType<ContainerMount.Bind>().Where(bind => bind.CreateSource);
        return EngineMapping.ToSendOrNull([.. binds.Select(bind => $"{bind.Source}:{bind.Target}{(bind.ReadOnly ? ":ro" : "")}")]);
    }

    private static MountDto[]? ToMounts(IReadOnlyList<ContainerMount> mounts)
    {
        var dtos = new List<MountDto>();
        foreach (var mount in mounts)
        {
            if (ToMount(mount) is { } dto)
                dtos.Add(dto);
        }
        return dtos.Count == 0 ? null : [.. dtos];
    }

    private static MountDto? ToMount(ContainerMount mount) => mount switch
    {
        ContainerMount.Bind { CreateSource: true } => null,
        ContainerMount.Bind bind => new MountDto
        {
            Type = "bind", Source = bind.Source, Target = bind.Target, ReadOnly = bind.ReadOnly ? true : null,
        },
        ContainerMount.Volume volume => new MountDto
        {
            Type = "volume",
            Source = EngineMapping.NullIfEmpty(volume.Name),
            Target = volume.Target,
            ReadOnly = volume.ReadOnly ? true : null,
            VolumeOptions = volume.NoCopy ? new VolumeOptionsDto(true) : null,
        },
        ContainerMount.Tmpfs tmpfs => new MountDto
        {
            Type = "tmpfs",
            Target = tmpfs.Target,
            TmpfsOptions = tmpfs is { SizeBytes: 0, Mode: 0 }
                ? null
                : new TmpfsOptionsDto(EngineMapping.NullIfZero(tmpfs.SizeBytes), tmpfs.Mode == 0 ? null : tmpfs.Mode),
        },
        _ => throw new UnreachableException($"a mount of type {mount.GetType().Name}"),
    };

    private static NetworkingConfigDto? ToNetworking(ContainerRequest request)
    {
        if (request.Network is not { } network || request.NetworkAliases.Count == 0)
            return null;
        return new NetworkingConfigDto(new SortedDictionary<string, EndpointDto>(StringComparer.Ordinal)
        {
            [network] = new EndpointDto([.. request.NetworkAliases]),
        });
    }
}
