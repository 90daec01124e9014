// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Model;

namespace ClusterManager.Wire;

/// <summary><see cref="ContainerSpec"/> to and from the wire.</summary>
public static class ContainerMapping
{
    /// <summary>To the wire.</summary>
    public static V1.ContainerSpec ToWire(this ContainerSpec container)
    {
        ArgumentNullException.ThrowIfNull(container);
        var wire = new V1.ContainerSpec
        {
            Image = container.Image,
            Command = ToWire(container.Command),
            Entrypoint = ToWire(container.Entrypoint),
            ReadOnly = container.ReadOnly,
            StopGracePeriodMs = SpecMapping.Milliseconds(container.StopGracePeriod),
        };
        if (container.User is { } user) wire.User = user;
        if (container.WorkingDirectory is { } directory) wire.WorkingDirectory = directory;
        if (container.Hostname is { } hostname) wire.Hostname = hostname;
        if (container.Init is { } init) wire.Init = init;
        if (container.StopSignal is { } signal) wire.StopSignal = signal;
        foreach (var (key, value) in container.Environment) wire.Environment[key] = value;
        foreach (var (key, value) in container.Labels) wire.Labels[key] = value;
        foreach (var (key, value) in container.Sysctls) wire.Sysctls[key] = value;
        wire.CapabilitiesAdded.AddRange(container.CapabilitiesAdded);
        wire.CapabilitiesDropped.AddRange(container.CapabilitiesDropped);
        wire.Ulimits.AddRange(container.Ulimits.Select(u => new V1.Ulimit { Name = u.Name, Soft = u.Soft, Hard = u.Hard }));
        wire.ExtraHosts.AddRange(container.ExtraHosts.Select(h => new V1.HostEntry { Hostname = h.Hostname, Address = h.Address }));
        wire.Mounts.AddRange(container.Mounts.Select(ToWire));
        return wire;
    }

    /// <summary>From the wire.</summary>
    public static ContainerSpec ToModel(this V1.ContainerSpec wire)
    {
        ArgumentNullException.ThrowIfNull(wire);
        return new ContainerSpec
        {
            Image = wire.Image,
            Command = ToModel(wire.Command),
            Entrypoint = ToModel(wire.Entrypoint),
            Environment = Maps.Of(wire.Environment),
            Labels = Maps.Of(wire.Labels),
            User = wire.HasUser ? wire.User : null,
            WorkingDirectory = wire.HasWorkingDirectory ? wire.WorkingDirectory : null,
            Hostname = wire.HasHostname ? wire.Hostname : null,
            Init = wire.HasInit ? wire.Init : null,
            ReadOnly = wire.ReadOnly,
            CapabilitiesAdded = [.. wire.CapabilitiesAdded],
            CapabilitiesDropped = [.. wire.CapabilitiesDropped],
            Ulimits = [.. wire.Ulimits.Select(u => new UlimitSpec(u.Name, u.Soft, u.Hard))],
            Sysctls = Maps.Of(wire.Sysctls),
            StopSignal = wire.HasStopSignal ? wire.StopSignal : null,
            StopGracePeriod = SpecMapping.Span(wire.StopGracePeriodMs),
            ExtraHosts = [.. wire.ExtraHosts.Select(h => new HostEntry(h.Hostname, h.Address))],
            Mounts = [.. wire.Mounts.Select(ToModel)],
        };
    }

    private static V1.StringList? ToWire(ImmutableArray<string>? list)
    {
        if (list is not { } values) return null;
        var wire = new V1.StringList();
        wire.Values.AddRange(values);
        return wire;
    }

    private static ImmutableArray<string>? ToModel(V1.StringList? wire) => wire is null ? null : [.. wire.Values];

    private static V1.Mount ToWire(MountSpec mount)
    {
        var wire = new V1.Mount { Kind = (V1.MountKind)mount.Kind, Target = mount.Target, ReadOnly = mount.ReadOnly };
        if (mount.Source is { } source) wire.Source = source;
        if (mount.TmpfsSizeBytes is { } size) wire.TmpfsSizeBytes = size;
        if (mount.TmpfsMode is { } mode) wire.TmpfsMode = mode;
        return wire;
    }

    private static MountSpec ToModel(V1.Mount wire) => new()
    {
        Kind = (MountKind)wire.Kind,
        Source = wire.HasSource ? wire.Source : null,
        Target = wire.Target,
        ReadOnly = wire.ReadOnly,
        TmpfsSizeBytes = wire.HasTmpfsSizeBytes ? wire.TmpfsSizeBytes : null,
        TmpfsMode = wire.HasTmpfsMode ? wire.TmpfsMode : null,
    };
}
