// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Cli.Compose.Values;
using ClusterManager.Model;

namespace ClusterManager.Cli.Compose.Sections;

/// <summary>The keys of a service, understood and refused.</summary>
internal static class ServiceKeys
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>The table; docs/compose.md lists the same.</summary>
    public static KeyTable<ServiceDraft> Make() => Refused(new KeyTable<ServiceDraft>
    {
        { "image", ReadImage },
        { "command", static (c, v, d) => d.Container = d.Container with { Command = Words(c, v) } },
        { "entrypoint", static (c, v, d) => d.Container = d.Container with { Entrypoint = Words(c, v) } },
        { "environment", EnvironmentSection.Read },
        { "env_file", EnvironmentSection.ReadFiles },
        { "labels", static (c, v, d) => d.Container = d.Container with { Labels = PairsSection.Labels(c, v) } },
        { "ports", PortSection.Read },
        { "volumes", MountSection.Read },
        { "healthcheck", HealthSection.Read },
        { "user", static (c, v, d) => d.Container = d.Container with { User = c.FilledText(v) } },
        { "working_dir", static (c, v, d) => d.Container = d.Container with { WorkingDirectory = AbsolutePath(c, v) } },
        { "hostname", ReadHostname },
        { "init", static (c, v, d) => d.Container = d.Container with { Init = c.Bool(v) } },
        { "read_only", static (c, v, d) => d.Container = d.Container with { ReadOnly = c.Bool(v) ?? false } },
        { "cap_add", static (c, v, d) => d.Container = d.Container with { CapabilitiesAdded = Capabilities(c, v) } },
        { "cap_drop", static (c, v, d) => d.Container = d.Container with { CapabilitiesDropped = Capabilities(c, v) } },
        { "ulimits", UlimitSection.Read },
        { "sysctls", static (c, v, d) => d.Container = d.Container with { Sysctls = PairsSection.Sysctls(c, v) } },
        { "restart", RestartSection.Read },
        { "stop_signal", ReadStopSignal },
        { "stop_grace_period", static (c, v, d) => d.Container = d.Container with
            { StopGracePeriod = c.Duration(v, TimeSpan.Zero, Day) ?? d.Container.StopGracePeriod } },
        { "extra_hosts", static (c, v, d) => d.Container = d.Container with { ExtraHosts = PairsSection.ExtraHosts(c, v) } },
        { "depends_on", DependsSection.Read },
        { "deploy", DeploySection.Read },
        { "x-cluster", ClusterSection.Read },
    });

    /// <summary>A command: a text is split into words, a list is taken as it stands, an empty value is the image's own.</summary>
    public static ImmutableArray<string>? Words(ReadContext context, Value value)
    {
        if (value.IsNull) return null;
        if (value.Node is Yaml.YamlList) return [.. context.Texts(value)];
        if (context.Text(value) is not { } text) return null;
        if (ShellWords.TrySplit(text, out var words)) return words;
        context.Error(value, "a quote is not closed, or a backslash ends the text");
        return null;
    }

    /// <summary>A path of the container.</summary>
    public static string? AbsolutePath(ReadContext context, Value value)
    {
        var path = context.FilledText(value);
        return path is null || path.StartsWith('/') ? path : context.Error(value, $"'{ReadContext.Shown(path)}' is no absolute path");
    }

    private static void ReadImage(ReadContext context, Value value, ServiceDraft draft)
    {
        draft.HasImage = true;
        if (context.FilledText(value) is not { } image) return;
        if (image.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
            context.Error(value, $"'{ReadContext.Shown(image)}' is no image: it has a blank");
        draft.Container = draft.Container with { Image = image };
    }

    private static void ReadHostname(ReadContext context, Value value, ServiceDraft draft)
    {
        if (context.FilledText(value) is not { } name) return;
        if (name.Length > 253 || !name.Split('.').All(label => NameText.IsLabel(label.ToLowerInvariant())))
            context.Error(value, $"'{ReadContext.Shown(name)}' is no host name: labels of letters, digits and '-', joined by dots");
        draft.Container = draft.Container with { Hostname = name };
    }

    private static void ReadStopSignal(ReadContext context, Value value, ServiceDraft draft)
    {
        if (context.FilledText(value) is not { } text) return;
        if (!SignalText.TryParse(text, out var name))
            context.Error(value, $"'{ReadContext.Shown(text)}' is no signal: SIGTERM, SIGINT, SIGQUIT … are");
        draft.Container = draft.Container with { StopSignal = name };
    }

    private static ImmutableArray<string> Capabilities(ReadContext context, Value value)
    {
        var names = ImmutableArray.CreateBuilder<string>();
        foreach (var item in context.Items(value))
        {
            if (context.FilledText(item) is not { } text) continue;
            var name = text.ToUpperInvariant();
            if (name.StartsWith("CAP_", StringComparison.Ordinal)) name = name[4..];
            if (name.Length == 0 || !name.All(c => char.IsAsciiLetterUpper(c) || c == '_'))
                context.Error(item, $"'{ReadContext.Shown(text)}' is no capability: NET_ADMIN, SYS_TIME, ALL … are");
            else if (names.Contains(name)) context.Error(item, $"{name} stands twice");
            else names.Add(name);
        }

        return names.ToImmutable();
    }

    private static KeyTable<ServiceDraft> Refused(KeyTable<ServiceDraft> table)
    {
        foreach (var (key, why) in RefusedKeys.OfService) table.Add(key, why);
        return table;
    }
}
