// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Cli.Compose.Sections;

/// <summary>The service key <c>x-cluster</c>: what the cluster can and the compose specification has no word for.</summary>
internal static class ClusterSection
{
    private static readonly KeyTable<ServiceDraft> Keys = new()
    {
        { "update", StrategySection.Read },
        { "health", static (c, v, d) => ReadHealth(c, v, d) },
        { "track", TrackSection.Read },
        { "pre_deploy", static (c, v, d) => HookSection.Read(c, v, d, HookKind.PreDeploy) },
        { "post_deploy", static (c, v, d) => HookSection.Read(c, v, d, HookKind.PostDeploy) },
        { "progress_deadline", static (c, v, d) => d.Spec = d.Spec with
            { ProgressDeadline = c.Duration(v, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)) ?? d.Spec.ProgressDeadline } },
        { "drain", static (c, v, d) => d.Spec = d.Spec with
            { DrainDelay = c.Duration(v, TimeSpan.Zero, TimeSpan.FromMinutes(10)) ?? d.Spec.DrainDelay } },
    };

    private static readonly KeyTable<HealthDraft> HealthKeys = HealthSection.Timing(new KeyTable<HealthDraft>
    {
        { "http", static (c, v, h) => ReadProbe(c, v, h, HealthKind.Http, HttpKeys!) },
        { "tcp", static (c, v, h) => ReadProbe(c, v, h, HealthKind.Tcp, TcpKeys!) },
    });

    private static readonly KeyTable<HealthDraft> HttpKeys = new()
    {
        { "port", static (c, v, h) => ReadPort(c, v, h) },
        { "path", static (c, v, h) => ReadPath(c, v, h) },
    };

    private static readonly KeyTable<HealthDraft> TcpKeys = new()
    {
        { "port", static (c, v, h) => ReadPort(c, v, h) },
    };

    /// <summary>Reads <c>x-cluster</c> of a service.</summary>
    public static void Read(ReadContext context, Value value, ServiceDraft draft) => Keys.Read(context, value, draft);

    private static void ReadHealth(ReadContext context, Value value, ServiceDraft draft)
    {
        var health = new HealthDraft { Spec = new HealthSpec { Kind = HealthKind.Http } };
        if (!HealthKeys.Read(context, value, health)) return;
        if (health.Probes != 1) context.Error(value, "exactly one of 'http' and 'tcp' is needed");
        draft.Probe = health.Spec;
        draft.ProbeValue = value;
    }

    private static void ReadProbe(ReadContext context, Value value, HealthDraft health, HealthKind kind, KeyTable<HealthDraft> keys)
    {
        health.Probes++;
        health.Spec = health.Spec with { Kind = kind };
        if (!value.IsNull) keys.Read(context, value, health);
    }

    private static void ReadPort(ReadContext context, Value value, HealthDraft health) =>
        health.Spec = health.Spec with { Port = (int)(context.Integer(value, 1, 65535) ?? 0) };

    private static void ReadPath(ReadContext context, Value value, HealthDraft health)
    {
        if (context.FilledText(value) is not { } path) return;
        if (!path.StartsWith('/') || path.Any(c => c is <= ' ' or > '~'))
            context.Error(value, $"'{ReadContext.Shown(path)}' is no path: it begins with '/' and has no blanks");
        health.Spec = health.Spec with { Path = path };
    }
}
