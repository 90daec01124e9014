// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Cli.Compose.Values;
using ClusterManager.Cli.Compose.Yaml;
using ClusterManager.Model;

namespace ClusterManager.Cli.Compose.Sections;

/// <summary>The service key <c>deploy</c>.</summary>
internal static class DeploySection
{
    private const long MemoryMinBytes = 6 << 20;
    private const string NoRollback = "the way back is as update_config says, without its delay";

    private static readonly KeyTable<ServiceDraft> Keys = new()
    {
        { "mode", ReadMode },
        { "replicas", static (c, v, d) => d.Spec = d.Spec with { Replicas = (int?)c.Integer(v, 0, 10_000) } },
        { "placement", static (c, v, d) => Placement!.Read(c, v, d) },
        { "resources", static (c, v, d) => Resources!.Read(c, v, d) },
        { "restart_policy", static (c, v, d) => ReadRestart(c, v, d) },
        { "labels", static (c, v, d) => d.Spec = d.Spec with { Labels = PairsSection.Labels(c, v) } },
        { "endpoint_mode", "names answer with the addresses of the healthy replicas (dnsrr)" },
        { "update_config", UpdateSection.Read },
        { "rollback_config", NoRollback },
    };

    private static readonly KeyTable<ServiceDraft> Placement = new()
    {
        { "constraints", static (c, v, d) => ReadConstraints(c, v, d) },
        { "preferences", "replicas are spread over the nodes; preferences come later" },
        { "max_replicas_per_node", "replicas are spread over the nodes; a limit per node comes later" },
    };

    private static readonly KeyTable<ServiceDraft> Resources = new()
    {
        { "limits", static (c, v, d) => Limits!.Read(c, v, d) },
        { "reservations", static (c, v, d) => Reservations!.Read(c, v, d) },
    };

    private static readonly KeyTable<ServiceDraft> Limits = new()
    {
        { "cpus", static (c, v, d) => d.Resources = d.Resources with { CpuLimitNano = Cpus(c, v) } },
        { "memory", static (c, v, d) => d.Resources = d.Resources with { MemoryLimitBytes = c.Bytes(v, MemoryMinBytes) } },
        { "pids", static (c, v, d) => d.Resources = d.Resources with { PidsLimit = c.Integer(v, 1, 4_194_304) } },
    };

    private static readonly KeyTable<ServiceDraft> Reservations = new()
    {
        { "cpus", static (c, v, d) => d.Resources = d.Resources with { CpuReservationNano = Cpus(c, v) } },
        { "memory", static (c, v, d) => d.Resources = d.Resources with { MemoryReservationBytes = c.Bytes(v, 1) } },
        { "devices", "devices are not placed yet: a constraint on a node's label can stand for one" },
        { "generic_resources", "a constraint on a node's label can stand for one" },
    };

    private sealed class RestartDraft
    {
        public RestartPolicy Policy { get; set; } = RestartPolicy.Default;
    }

    private static readonly KeyTable<RestartDraft> Restart = new()
    {
        { "condition", static (c, v, r) => r.Policy = r.Policy with { Condition = Condition(c, v) } },
        { "delay", static (c, v, r) => r.Policy = r.Policy with { Delay = c.Duration(v, TimeSpan.Zero, TimeSpan.FromMinutes(5))
            ?? r.Policy.Delay } },
        { "max_attempts", static (c, v, r) => r.Policy = r.Policy with { MaxAttempts = (int?)c.Integer(v, 0, 1_000_000) is > 0 and var most
            ? most : null } },
        { "window", static (c, v, r) => r.Policy = r.Policy with { Window = c.Duration(v, TimeSpan.Zero, TimeSpan.FromDays(1))
            ?? r.Policy.Window } },
    };

    /// <summary>Reads <c>deploy</c>.</summary>
    public static void Read(ReadContext context, Value value, ServiceDraft draft) => Keys.Read(context, value, draft);

    private static void ReadMode(ReadContext context, Value value, ServiceDraft draft)
    {
        var text = context.Text(value);
        if (text is not (null or "replicated" or "global"))
            context.Error(value, $"'{ReadContext.Shown(text)}' is not understood: replicated and global are (jobs come later)");
        draft.Spec = draft.Spec with { Mode = text == "global" ? ServiceMode.Global : ServiceMode.Replicated };
    }

    private static void ReadRestart(ReadContext context, Value value, ServiceDraft draft)
    {
        var restart = new RestartDraft();
        if (Restart.Read(context, value, restart)) draft.DeployRestart = restart.Policy;
    }

    private static RestartCondition Condition(ReadContext context, Value value)
    {
        switch (context.Text(value))
        {
            case "none": return RestartCondition.None;
            case "on-failure": return RestartCondition.OnFailure;
            case null or "any": return RestartCondition.Any;
            case var text:
                context.Error(value, $"'{ReadContext.Shown(text)}' is not understood: none, on-failure and any are");
                return RestartCondition.Any;
        }
    }

    private static void ReadConstraints(ReadContext context, Value value, ServiceDraft draft)
    {
        var constraints = ImmutableArray.CreateBuilder<PlacementConstraint>();
        foreach (var item in context.Items(value))
        {
            if (context.FilledText(item) is not { } text) continue;
            if (PlacementConstraint.TryParse(text, out var constraint, out var error)) constraints.Add(constraint!);
            else context.Error(item, ReadContext.Shown(error!));
        }

        draft.Spec = draft.Spec with { Constraints = constraints.ToImmutable() };
    }

    private static long? Cpus(ReadContext context, Value value)
    {
        if (context.Text(value) is not { } text) return null;
        if (CpuText.TryParse(text, out var nano)) return nano;
        context.Error(value, $"'{ReadContext.Shown(text)}' is not understood: {CpuText.Allowed} is");
        return null;
    }
}
