// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using ClusterManager.Agent.Docker;
using ClusterManager.Agent.Node;
using ClusterManager.Model;

namespace ClusterManager.Agent.Allocations;

/// <summary>Makes the engine's request out of an assignment. Pure. What Docker freezes at create is chosen here, with care.</summary>
internal static class ContainerRequestBuilder
{
    private const string AllAddresses = "";
    private static readonly ImmutableSortedDictionary<string, string> LogLimits = Maps.Empty.Add("max-size", "10m").Add("max-file", "3");

    /// <summary>The container of one allocation.</summary>
    /// <param name="node">This node.</param>
    /// <param name="assignment">What is to run.</param>
    /// <param name="attempt">The attempt it is made for.</param>
    /// <param name="ports">The node's ports, chosen already.</param>
    /// <param name="network">The network it joins.</param>
    /// <param name="resolver">The network's gateway, where names resolve; null leaves the engine's resolver.</param>
    public static ContainerRequest Build(
        NodeIdentity node, Assignment assignment, int attempt, ImmutableArray<PortBinding> ports, string network, string? resolver)
    {
        var spec = assignment.Spec;
        var container = spec.Container;
        return new ContainerRequest
        {
            Name = ContainerName.Of(assignment),
            Image = assignment.Image,
            Command = container.Command?.ToArray(),
            Entrypoint = container.Entrypoint?.ToArray(),
            Environment = EnvironmentOf(node, assignment),
            Labels = ContainerLabels.For(node.Cluster, assignment, attempt),
            User = container.User,
            WorkingDirectory = container.WorkingDirectory,
            Hostname = container.Hostname,
            Init = container.Init,
            ReadOnlyRoot = container.ReadOnly,
            CapabilitiesAdded = container.CapabilitiesAdded,
            CapabilitiesDropped = container.CapabilitiesDropped,
            Ulimits = [.. container.Ulimits.Select(u => new ContainerUlimit(u.Name, u.Soft, u.Hard))],
            Sysctls = container.Sysctls,
            StopSignal = container.StopSignal,
            StopTimeout = container.StopGracePeriod,
            ExtraHosts = [.. container.ExtraHosts.Select(h => $"{h.Hostname}:{h.Address}")],
            Mounts = [.. container.Mounts.Select(m => MountOf(spec.Name, m))],
            Ports = ports,
            Healthcheck = HealthcheckOf(spec.Health),
            NanoCpus = spec.Resources.CpuLimitNano ?? 0,
            MemoryBytes = spec.Resources.MemoryLimitBytes ?? 0,
            MemoryReservationBytes = spec.Resources.MemoryReservationBytes ?? 0,
            PidsMax = spec.Resources.PidsLimit ?? 0,
            LogDriver = "json-file",
            LogOptions = LogLimits,
            DnsServers = resolver is null ? [] : [resolver],
            Network = network,
            // No alias of the service's name: Docker would answer it with the replicas of this node only, drained and unhealthy ones too.
        };
    }

    /// <summary>The volume of a stack as the engine names it.</summary>
    public static string VolumeName(ServiceName service, string source) => $"{service.Stack}_{source}";

    /// <summary>The bindings for ports that were chosen.</summary>
    public static ImmutableArray<PortBinding> Bindings(ServiceSpec spec, ImmutableArray<HostPort> ports) =>
        [.. spec.Ports.Zip(ports, (want, have) => new PortBinding(
            new ContainerPort(want.Target, want.Protocol == PortProtocol.Udp ? "udp" : "tcp"),
            have.Published,
            want.HostAddress ?? AllAddresses))];

    private static ImmutableSortedDictionary<string, string?> EnvironmentOf(NodeIdentity node, Assignment assignment)
    {
        var environment = ImmutableSortedDictionary.CreateBuilder<string, string?>(StringComparer.Ordinal);
        foreach (var (name, value) in assignment.Spec.Container.Environment) environment[name] = value;
        if (!HookSlot.IsHook(assignment.Id.Slot))
            environment["CLUSTER_SLOT"] = assignment.Id.Slot.ToString(CultureInfo.InvariantCulture);
        environment["CLUSTER_SERVICE"] = assignment.Spec.Name.Name;
        environment["CLUSTER_STACK"] = assignment.Spec.Name.Stack;
        environment["CLUSTER_NODE"] = node.Name;
        environment["CLUSTER_ALLOCATION"] = assignment.Id.ToString();
        return environment.ToImmutable();
    }

    private static ContainerMount MountOf(ServiceName service, MountSpec mount) => mount.Kind switch
    {
        MountKind.Bind => new ContainerMount.Bind(mount.Source ?? "", mount.Target, mount.ReadOnly),
        MountKind.Volume => new ContainerMount.Volume(
            mount.Source is null ? "" : VolumeName(service, mount.Source), mount.Target, mount.ReadOnly),
        _ => new ContainerMount.Tmpfs(mount.Target, mount.TmpfsSizeBytes ?? 0, mount.TmpfsMode ?? 0),
    };

    // Where the agent probes, or nobody shall, the image's own check is switched off: two judges would contradict each other.
    private static ContainerHealthcheck? HealthcheckOf(HealthSpec? health) => health?.Kind switch
    {
        null => null,
        HealthKind.Command => new ContainerHealthcheck
        {
            Test = health.Test,
            Interval = health.Interval,
            Timeout = health.Timeout,
            StartPeriod = health.StartPeriod,
            Retries = health.Retries,
        },
        _ => ContainerHealthcheck.None,
    };
}
