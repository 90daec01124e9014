// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Model;

namespace ClusterManager.Wire;

/// <summary>
/// <see cref="ServiceSpec"/> to and from the wire. What arrives may be anything: enums out of range and missing messages become values
/// that <c>SpecValidator</c> refuses with the field's name, never exceptions.
/// </summary>
public static class SpecMapping
{
    /// <summary>To the wire.</summary>
    public static V1.ServiceSpec ToWire(this ServiceSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var wire = new V1.ServiceSpec
        {
            Name = spec.Name.ToWire(),
            Mode = (V1.ServiceMode)spec.Mode,
            Container = spec.Container.ToWire(),
            Health = spec.Health?.ToWire(),
            Resources = ToWire(spec.Resources),
            Restart = ToWire(spec.Restart),
            Update = spec.Update.ToWire(),
            Track = spec.Track.ToWire(),
            ProgressDeadlineMs = Milliseconds(spec.ProgressDeadline),
            DrainDelayMs = Milliseconds(spec.DrainDelay),
        };
        if (spec.Replicas is { } replicas) wire.Replicas = replicas;
        wire.Ports.AddRange(spec.Ports.Select(port => port.ToWire()));
        wire.Constraints.AddRange(spec.Constraints.Select(
            c => new V1.PlacementConstraint { Attribute = c.Attribute, IsEqual = c.IsEqual, Value = c.Value }));
        foreach (var (key, value) in spec.Labels) wire.Labels[key] = value;
        foreach (var (name, condition) in spec.DependsOn) wire.DependsOn[name] = (V1.DependencyCondition)condition;
        return wire;
    }

    /// <summary>From the wire.</summary>
    public static ServiceSpec ToModel(this V1.ServiceSpec wire)
    {
        ArgumentNullException.ThrowIfNull(wire);
        return new ServiceSpec
        {
            Name = wire.Name.ToModel(),
            Mode = (ServiceMode)wire.Mode,
            Replicas = wire.HasReplicas ? wire.Replicas : null,
            Container = (wire.Container ?? new V1.ContainerSpec()).ToModel(),
            Ports = [.. wire.Ports.Select(port => port.ToModel())],
            Health = wire.Health?.ToModel(),
            Resources = ToModel(wire.Resources),
            Constraints = [.. wire.Constraints.Select(c => new PlacementConstraint(c.Attribute, c.IsEqual, c.Value))],
            Restart = ToModel(wire.Restart),
            Update = wire.Update.ToModel(),
            Track = wire.Track.ToModel(),
            Labels = Maps.Of(wire.Labels),
            DependsOn = Dependencies.Of(wire.DependsOn.Select(pair => KeyValuePair.Create(pair.Key, (DependencyCondition)pair.Value))),
            ProgressDeadline = Span(wire.ProgressDeadlineMs),
            DrainDelay = Span(wire.DrainDelayMs),
        };
    }

    /// <summary>To the wire.</summary>
    public static V1.ServiceName ToWire(this ServiceName name) => new() { Stack = name.Stack, Name = name.Name };

    /// <summary>From the wire; a missing message is the empty name, a missing stack the default one.</summary>
    public static ServiceName ToModel(this V1.ServiceName? wire) =>
        wire is null ? new ServiceName(ServiceName.DefaultStack, "")
            : new ServiceName(wire.Stack.Length == 0 ? ServiceName.DefaultStack : wire.Stack, wire.Name);

    /// <summary>To the wire.</summary>
    public static V1.PortSpec ToWire(this PortSpec port)
    {
        ArgumentNullException.ThrowIfNull(port);
        var wire = new V1.PortSpec { Mode = (V1.PortMode)port.Mode, Target = port.Target, Protocol = (V1.PortProtocol)port.Protocol };
        if (port.Published is { } published) wire.Published = published;
        if (port.HostAddress is { } address) wire.HostAddress = address;
        return wire;
    }

    /// <summary>From the wire.</summary>
    public static PortSpec ToModel(this V1.PortSpec wire)
    {
        ArgumentNullException.ThrowIfNull(wire);
        return new PortSpec
        {
            Mode = (PortMode)wire.Mode,
            Target = wire.Target,
            Published = wire.HasPublished ? wire.Published : null,
            Protocol = (PortProtocol)wire.Protocol,
            HostAddress = wire.HasHostAddress ? wire.HostAddress : null,
        };
    }

    /// <summary>To the wire.</summary>
    public static V1.HealthSpec ToWire(this HealthSpec health)
    {
        ArgumentNullException.ThrowIfNull(health);
        var wire = new V1.HealthSpec
        {
            Kind = (V1.HealthKind)health.Kind,
            Port = health.Port,
            Path = health.Path,
            IntervalMs = Milliseconds(health.Interval),
            TimeoutMs = Milliseconds(health.Timeout),
            Retries = health.Retries,
            StartPeriodMs = Milliseconds(health.StartPeriod),
            StartIntervalMs = Milliseconds(health.StartInterval),
        };
        wire.Test.AddRange(health.Test);
        return wire;
    }

    /// <summary>From the wire.</summary>
    public static HealthSpec ToModel(this V1.HealthSpec wire)
    {
        ArgumentNullException.ThrowIfNull(wire);
        return new HealthSpec
        {
            Kind = (HealthKind)wire.Kind,
            Test = [.. wire.Test],
            Port = wire.Port,
            Path = wire.Path,
            Interval = Span(wire.IntervalMs),
            Timeout = Span(wire.TimeoutMs),
            Retries = wire.Retries,
            StartPeriod = Span(wire.StartPeriodMs),
            StartInterval = Span(wire.StartIntervalMs),
        };
    }

    internal static long Milliseconds(TimeSpan span) => (long)span.TotalMilliseconds;

    /// <summary>Milliseconds from anywhere as a span, clipped to what a span holds.</summary>
    public static TimeSpan Span(long milliseconds) =>
        milliseconds > MaxMilliseconds ? TimeSpan.MaxValue
        : milliseconds < -MaxMilliseconds ? TimeSpan.MinValue
        : TimeSpan.FromMilliseconds(milliseconds);

    private const long MaxMilliseconds = long.MaxValue / TimeSpan.TicksPerMillisecond;

    private static V1.ResourceSpec ToWire(ResourceSpec resources)
    {
        var wire = new V1.ResourceSpec();
        if (resources.CpuLimitNano is { } cpuLimit) wire.CpuLimitNano = cpuLimit;
        if (resources.MemoryLimitBytes is { } memoryLimit) wire.MemoryLimitBytes = memoryLimit;
        if (resources.PidsLimit is { } pids) wire.PidsLimit = pids;
        if (resources.CpuReservationNano is { } cpu) wire.CpuReservationNano = cpu;
        if (resources.MemoryReservationBytes is { } memory) wire.MemoryReservationBytes = memory;
        return wire;
    }

    private static ResourceSpec ToModel(V1.ResourceSpec? wire) => wire is null
        ? ResourceSpec.None
        : new ResourceSpec
        {
            CpuLimitNano = wire.HasCpuLimitNano ? wire.CpuLimitNano : null,
            MemoryLimitBytes = wire.HasMemoryLimitBytes ? wire.MemoryLimitBytes : null,
            PidsLimit = wire.HasPidsLimit ? wire.PidsLimit : null,
            CpuReservationNano = wire.HasCpuReservationNano ? wire.CpuReservationNano : null,
            MemoryReservationBytes = wire.HasMemoryReservationBytes ? wire.MemoryReservationBytes : null,
        };

    private static V1.RestartPolicy ToWire(RestartPolicy restart)
    {
        var wire = new V1.RestartPolicy
        {
            Condition = (V1.RestartCondition)restart.Condition,
            DelayMs = Milliseconds(restart.Delay),
            WindowMs = Milliseconds(restart.Window),
        };
        if (restart.MaxAttempts is { } attempts) wire.MaxAttempts = attempts;
        return wire;
    }

    private static RestartPolicy ToModel(V1.RestartPolicy? wire) => wire is null
        ? RestartPolicy.Default
        : new RestartPolicy
        {
            Condition = (RestartCondition)wire.Condition,
            Delay = Span(wire.DelayMs),
            MaxAttempts = wire.HasMaxAttempts ? wire.MaxAttempts : null,
            Window = Span(wire.WindowMs),
        };
}
