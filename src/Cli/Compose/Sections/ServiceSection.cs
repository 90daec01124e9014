// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Cli.Compose.Sections;

/// <summary>One service: its keys, and what follows from several of them together.</summary>
internal static class ServiceSection
{
    private static readonly KeyTable<ServiceDraft> Keys = ServiceKeys.Make();

    /// <summary>Reads a service. The result is whole only when no error was found.</summary>
    public static ServiceSpec Read(ReadContext context, Position keyAt, Value value, ServiceName name)
    {
        var draft = new ServiceDraft { Spec = new ServiceSpec { Name = name, Container = new ContainerSpec { Image = "" } } };
        if (value.IsNull || !Keys.Read(context, value, draft))
        {
            if (value.IsNull) context.Findings.Error(keyAt, value.Path, "the service is empty: 'image' is needed");
            return draft.Spec;
        }

        var isBuilt = context.Places.ContainsKey($"{value.Path}.build") && !context.Ignored.Allows($"{value.Path}.build");
        if (!draft.HasImage && !isBuilt) context.Findings.Error(keyAt, value.Path, "'image' is missing");
        CheckMode(context, value, draft.Spec);
        CheckHealth(context, draft);
        CheckResources(context, value, draft.Resources);
        CheckTargets(context, value, draft.Spec);
        var environment = new Dictionary<string, string>(draft.EnvironmentFiles, StringComparer.Ordinal);
        foreach (var (key, text) in draft.Environment) environment[key] = text;
        draft.Container = draft.Container with { Environment = Maps.Of(environment) };
        return draft.Spec with
        {
            Restart = draft.DeployRestart ?? draft.Restart ?? RestartPolicy.Default,
            Health = draft.Probe ?? draft.Healthcheck,
        };
    }

    private static void CheckMode(ReadContext context, Value value, ServiceSpec spec)
    {
        if (spec is { Mode: ServiceMode.Global, Replicas: not null })
            context.ErrorAtKey(value, $"{value.Path}.deploy.replicas",
                "a global service runs once on each node: it has no number of replicas");
    }

    private static void CheckHealth(ReadContext context, ServiceDraft draft)
    {
        if (draft is { Probe: not null, Healthcheck: not null })
            context.Error(draft.ProbeValue, "'healthcheck' is there too: one of the two judges the service");
        if (draft.Probe is { Port: 0 } && draft.Spec.Ports.IsEmpty)
            context.Error(draft.ProbeValue, "it names no port, and the service has none");
    }

    private static void CheckResources(ReadContext context, Value value, ResourceSpec resources)
    {
        var path = $"{value.Path}.deploy.resources.reservations";
        if (resources.CpuReservationNano > resources.CpuLimitNano)
            context.ErrorAtKey(value, $"{path}.cpus", "more is reserved than the limit allows");
        if (resources.MemoryReservationBytes > resources.MemoryLimitBytes)
            context.ErrorAtKey(value, $"{path}.memory", "more is reserved than the limit allows");
    }

    // Two mounts at one place, or two services behind one port of a node, could only surprise.
    private static void CheckTargets(ReadContext context, Value value, ServiceSpec spec)
    {
        foreach (var twice in spec.Container.Mounts.GroupBy(m => m.Target, StringComparer.Ordinal).Where(g => g.Skip(1).Any()))
            context.ErrorAtKey(value, $"{value.Path}.volumes", $"two mounts have the target {twice.Key}");
        foreach (var twice in spec.Ports.Where(p => p.Mode == PortMode.Fixed).GroupBy(p => (p.Published, p.Protocol, p.HostAddress))
            .Where(g => g.Skip(1).Any()))
            context.ErrorAtKey(value, $"{value.Path}.ports", $"the host port {twice.Key.Published} stands twice");
    }
}
