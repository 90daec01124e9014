// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace ClusterManager.Model;

/// <summary>
/// Checks a <see cref="ServiceSpec"/> from anywhere: every error at once, each with field, value and what is allowed. It never throws.
/// </summary>
public static class SpecValidator
{
    /// <summary>Most replicas of a service.</summary>
    public const int ReplicasMax = 10_000;

    /// <summary>Most elements of a list or map of a spec.</summary>
    public const int ElementsMax = 1_000;

    /// <summary>Most services that one service waits for.</summary>
    public const int DependenciesMax = 100;

    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    /// <summary>All errors; empty when the spec is valid.</summary>
    public static ImmutableArray<FieldError> Validate(ServiceSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var errors = new ErrorList();
        CheckName(errors, spec.Name);
        CheckMode(errors, spec);
        ContainerValidator.Check(errors, spec.Container);
        CheckPorts(errors, spec.Ports);
        CheckHealth(errors, spec);
        CheckResources(errors, spec.Resources);
        CheckConstraints(errors, spec.Constraints);
        CheckRestart(errors, spec.Restart);
        UpdateValidator.Check(errors, spec);
        TrackValidator.Check(errors, spec.Track);
        CheckLabels(errors, "labels", spec.Labels);
        CheckDependencies(errors, spec);
        errors.Range("progress_deadline", spec.ProgressDeadline, TimeSpan.FromSeconds(1), Day);
        errors.Range("drain", spec.DrainDelay, TimeSpan.Zero, TimeSpan.FromMinutes(10));
        return errors.ToImmutable();
    }

    internal static void CheckLabels(ErrorList errors, string field, ImmutableSortedDictionary<string, string> labels)
    {
        if (labels.Count > ElementsMax) errors.Add(field, labels.Count, $"at most {ElementsMax} entries");
        foreach (var (key, value) in labels)
        {
            if (key.Length is 0 or > 256 || key.Any(char.IsControl))
                errors.Add(field, key, "a key of 1 to 256 characters without control characters");
            if (value.Contains('\0', StringComparison.Ordinal)) errors.Add($"{field}.{key}", value, "a value without NUL");
        }
    }

    private static void CheckDependencies(ErrorList errors, ServiceSpec spec)
    {
        if (spec.DependsOn.Count > DependenciesMax) errors.Add("depends_on", spec.DependsOn.Count, $"at most {DependenciesMax} services");
        foreach (var (name, condition) in spec.DependsOn)
        {
            if (!DnsLabel.IsValid(name)) errors.Add("depends_on", name, DnsLabel.Allowed);
            else if (name == spec.Name.Name) errors.Add("depends_on", name, "another service than itself");
            errors.Defined($"depends_on.{name}", condition);
        }
    }

    private static void CheckName(ErrorList errors, ServiceName name)
    {
        if (!DnsLabel.IsValid(name.Name)) errors.Add("name", name.Name, DnsLabel.Allowed);
        if (!DnsLabel.IsValid(name.Stack)) errors.Add("stack", name.Stack, DnsLabel.Allowed);
        if (DnsLabel.IsValid(name.Name) && DnsLabel.IsValid(name.Stack) && name.DiscoveryName.Length > DnsLabel.LengthMax)
            errors.Add("name", name.DiscoveryName, "stack and service joined by '-' make the DNS name: at most 63 characters together");
        if (name.DiscoveryName is "consul" or "cluster-manager")
            errors.Add("name", name.DiscoveryName, "another name: the cluster itself is registered under it");
    }

    private static void CheckMode(ErrorList errors, ServiceSpec spec)
    {
        errors.Defined("mode", spec.Mode);
        if (spec.Replicas is not { } replicas) return;
        if (spec.Mode == ServiceMode.Global) errors.Add("replicas", replicas, "nothing: a global service runs once on each node that fits");
        else errors.Range("replicas", replicas, 0, ReplicasMax);
    }

    private static void CheckPorts(ErrorList errors, ImmutableArray<PortSpec> ports)
    {
        if (ports.Length > 100) errors.Add("ports", ports.Length, "at most 100 ports");
        var seen = new SortedSet<(int, PortProtocol, string)>();
        for (var i = 0; i < ports.Length; i++)
        {
            var port = ports[i];
            var field = $"ports[{i}]";
            errors.Defined(field + ".mode", port.Mode);
            errors.Defined(field + ".protocol", port.Protocol);
            errors.Range(field + ".target", port.Target, 1, 65535);
            if (port.HostAddress is { } address && !IsIpAddress(address)) errors.Add(field + ".host_address", address, "an IP address");
            if (port.Mode == PortMode.Dynamic && port.Published is { } given)
                errors.Add(field + ".published", given, "nothing: a dynamic port is chosen by the node");
            if (port.Mode != PortMode.Fixed) continue;
            if (port.Published is not { } published) errors.Add(field + ".published", "", "1 to 65535: a fixed port names the node's port");
            else
            {
                errors.Range(field + ".published", published, 1, 65535);
                if (!seen.Add((published, port.Protocol, port.HostAddress ?? "")))
                    errors.Add(field + ".published", published, "a port that no other entry publishes");
            }
        }
    }

    private static void CheckHealth(ErrorList errors, ServiceSpec spec)
    {
        if (spec.Health is not { } health) return;
        errors.Defined("health.kind", health.Kind);
        if (health.Kind == HealthKind.Disabled) return;
        errors.Range("health.interval", health.Interval, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1));
        errors.Range("health.timeout", health.Timeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1));
        errors.Range("health.start_period", health.StartPeriod, TimeSpan.Zero, Day);
        errors.Range("health.start_interval", health.StartInterval, TimeSpan.FromMilliseconds(50), TimeSpan.FromHours(1));
        errors.Range("health.retries", health.Retries, 1, 100);
        if (health.Kind is HealthKind.Http or HealthKind.Tcp) CheckProbe(errors, spec, health);
        if (health.Kind == HealthKind.Command && health.Test is [var first, ..] && first is not ("CMD" or "CMD-SHELL"))
            errors.Add("health.test[0]", first, "CMD or CMD-SHELL");
        if (health.Kind == HealthKind.Command && health.Test.Length == 1)
            errors.Add("health.test", health.Test[0], "a command after CMD or CMD-SHELL");
    }

    private static void CheckProbe(ErrorList errors, ServiceSpec spec, HealthSpec health)
    {
        errors.Range("health.port", health.Port, 0, 65535);
        if (health.Port == 0 && spec.Ports.IsEmpty) errors.Add("health.port", 0, "1 to 65535: the service has no port to take it from");
        if (health.Kind == HealthKind.Http && (!health.Path.StartsWith('/') || health.Path.Length > 2048 || health.Path.Any(c => c <= ' ')))
            errors.Add("health.path", health.Path, "a path that begins with '/', without blanks, at most 2048 characters");
    }

    private static void CheckResources(ErrorList errors, ResourceSpec resources)
    {
        const long NanoMax = 100_000L * 1_000_000_000;
        if (resources.CpuLimitNano is { } cpu) errors.Range("resources.limits.cpus", cpu, 10_000_000, NanoMax);
        if (resources.CpuReservationNano is { } reserved) errors.Range("resources.reservations.cpus", reserved, 0, NanoMax);
        if (resources.MemoryLimitBytes is { } memory) errors.Range("resources.limits.memory", memory, 6L << 20, 1L << 50);
        if (resources.MemoryReservationBytes is { } set) errors.Range("resources.reservations.memory", set, 0, 1L << 50);
        if (resources.PidsLimit is { } pids) errors.Range("resources.limits.pids", pids, 1, 4_194_304);
        if (resources is { MemoryLimitBytes: { } limit, MemoryReservationBytes: { } wanted } && wanted > limit)
            errors.Add("resources.reservations.memory", wanted, $"at most the memory limit of {limit}");
        if (resources is { CpuLimitNano: { } cpuLimit, CpuReservationNano: { } cpuWanted } && cpuWanted > cpuLimit)
            errors.Add("resources.reservations.cpus", cpuWanted, $"at most the CPU limit of {cpuLimit}");
    }

    private static void CheckConstraints(ErrorList errors, ImmutableArray<PlacementConstraint> constraints)
    {
        if (constraints.Length > 100) errors.Add("constraints", constraints.Length, "at most 100");
        for (var i = 0; i < constraints.Length; i++)
        {
            if (PlacementConstraint.CheckAttribute(constraints[i].Attribute) is { } problem)
                errors.Add($"constraints[{i}]", constraints[i], problem);
            if (constraints[i].Value.Length == 0) errors.Add($"constraints[{i}]", constraints[i], "a value after the operator");
        }
    }

    private static void CheckRestart(ErrorList errors, RestartPolicy restart)
    {
        errors.Defined("restart.condition", restart.Condition);
        errors.Range("restart.delay", restart.Delay, TimeSpan.Zero, TimeSpan.FromMinutes(5));
        errors.Range("restart.window", restart.Window, TimeSpan.Zero, TimeSpan.FromDays(30));
        if (restart.MaxAttempts is { } attempts) errors.Range("restart.max_attempts", attempts, 0, 1_000_000);
    }

    internal static bool IsIpAddress(string text) => System.Net.IPAddress.TryParse(text, out _);
}
