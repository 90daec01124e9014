// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Cli.Compose.Yaml;
using ClusterManager.Model;

namespace ClusterManager.Cli.Compose.Sections;

/// <summary>The compose key <c>healthcheck</c>: a command that Docker runs in the container.</summary>
internal static class HealthSection
{
    /// <summary>Docker's own figures for what is not given.</summary>
    public static HealthSpec CommandDefault { get; } = new()
    {
        Kind = HealthKind.Command,
        Interval = TimeSpan.FromSeconds(30),
        Timeout = TimeSpan.FromSeconds(30),
        StartInterval = TimeSpan.FromSeconds(5),
    };

    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static readonly KeyTable<HealthDraft> Keys = Timing(new KeyTable<HealthDraft>
    {
        { "test", static (c, v, h) => ReadTest(c, v, h) },
        { "disable", static (c, v, h) => h.IsDisabled |= c.Bool(v) ?? false },
    });

    /// <summary>Adds the keys that every kind of health check has.</summary>
    public static KeyTable<HealthDraft> Timing(KeyTable<HealthDraft> table)
    {
        table.Add("interval", static (c, v, h) => h.Spec = h.Spec with { Interval = c.Duration(v, Shortest, Hour) ?? h.Spec.Interval });
        table.Add("timeout", static (c, v, h) => h.Spec = h.Spec with { Timeout = c.Duration(v, Shortest, Hour) ?? h.Spec.Timeout });
        table.Add("retries", static (c, v, h) => h.Spec = h.Spec with { Retries = (int)(c.Integer(v, 1, 100) ?? h.Spec.Retries) });
        table.Add("start_period", static (c, v, h) =>
            h.Spec = h.Spec with { StartPeriod = c.Duration(v, TimeSpan.Zero, Hour) ?? h.Spec.StartPeriod });
        table.Add("start_interval", static (c, v, h) =>
            h.Spec = h.Spec with { StartInterval = c.Duration(v, Shortest, Hour) ?? h.Spec.StartInterval });
        return table;
    }

    /// <summary>Reads <c>healthcheck</c>.</summary>
    public static void Read(ReadContext context, Value value, ServiceDraft draft)
    {
        var health = new HealthDraft { Spec = CommandDefault };
        if (!Keys.Read(context, value, health)) return;
        draft.Healthcheck = health.IsDisabled ? health.Spec with { Kind = HealthKind.Disabled } : health.Spec;
    }

    private static void ReadTest(ReadContext context, Value value, HealthDraft health)
    {
        if (value.Node is not YamlList)
        {
            if (context.FilledText(value) is { } text) health.Spec = health.Spec with { Test = ["CMD-SHELL", text] };
            return;
        }

        var words = context.Texts(value).ToImmutableArray();
        if (words is ["NONE"]) health.IsDisabled = true;
        else if (words is ["CMD", _, ..] or ["CMD-SHELL", _]) health.Spec = health.Spec with { Test = words };
        else context.Error(value, "the list is not understood: [CMD, program, arguments…], [CMD-SHELL, line] and [NONE] are");
    }
}

/// <summary>What has been read of a health check so far.</summary>
internal sealed class HealthDraft
{
    /// <summary>The check.</summary>
    public required HealthSpec Spec { get; set; }

    /// <summary>True after <c>disable: true</c> or the test <c>NONE</c>.</summary>
    public bool IsDisabled { get; set; }

    /// <summary>How many of <c>http</c> and <c>tcp</c> were given.</summary>
    public int Probes { get; set; }
}
