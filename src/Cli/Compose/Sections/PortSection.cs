// SPDX-License-Identifier: Apache-2.0
using System.Net;
using ClusterManager.Cli.Compose.Values;
using ClusterManager.Cli.Compose.Yaml;
using ClusterManager.Model;

namespace ClusterManager.Cli.Compose.Sections;

/// <summary>Ports, in short and long form.</summary>
internal static class PortSection
{
    /// <summary>Reads <c>ports</c>.</summary>
    public static void Read(ReadContext context, Value value, ServiceDraft draft)
    {
        foreach (var item in context.Items(value))
        {
            if (item.Node is YamlMap) ReadLong(context, item, draft);
            else if (context.FilledText(item) is { } text) ReadShort(context, item, text, draft);
        }
    }

    private static void ReadShort(ReadContext context, Value item, string text, ServiceDraft draft)
    {
        if (PortText.TryParse(text, out var ports, out var error))
            draft.Spec = draft.Spec with { Ports = draft.Spec.Ports.AddRange(ports) };
        else context.Error(item, $"{error}; understood is {PortText.Allowed}");
    }

    private sealed class LongPort
    {
        public int? Target { get; set; }

        public int? Published { get; set; }

        public PortProtocol Protocol { get; set; } = PortProtocol.Tcp;

        public string? HostAddress { get; set; }
    }

    private static readonly KeyTable<LongPort> Keys = new()
    {
        { "target", static (c, v, p) => p.Target = (int?)c.Integer(v, 1, 65535) },
        { "published", static (c, v, p) => p.Published = (int?)c.Integer(v, 1, 65535) },
        { "protocol", static (c, v, p) => p.Protocol = ReadProtocol(c, v) },
        { "host_ip", static (c, v, p) => p.HostAddress = ReadAddress(c, v) },
        { "mode", static (c, v, _) => ReadMode(c, v) },
        { "app_protocol", "the cluster forwards bytes; health over HTTP is x-cluster.health" },
        { "name", "a port is known by its number" },
    };

    private static void ReadLong(ReadContext context, Value item, ServiceDraft draft)
    {
        var port = new LongPort();
        Keys.Read(context, item, port);
        if (((YamlMap)item.Node).Entries.All(e => e.Key != "target")) context.Error(item, "'target', the container's port, is missing");
        if (port.Target is not { } target) return;
        var spec = new PortSpec
        {
            Mode = port.Published is null ? PortMode.Dynamic : PortMode.Fixed,
            Target = target,
            Published = port.Published,
            Protocol = port.Protocol,
            HostAddress = port.HostAddress,
        };
        draft.Spec = draft.Spec with { Ports = draft.Spec.Ports.Add(spec) };
    }

    private static PortProtocol ReadProtocol(ReadContext context, Value value)
    {
        if (context.Text(value) is not { } text) return PortProtocol.Tcp;
        if (!PortText.TryProtocol(text, out var protocol, out var error)) context.Error(value, error!);
        return protocol;
    }

    private static string? ReadAddress(ReadContext context, Value value)
    {
        var text = context.FilledText(value);
        return text is null || IPAddress.TryParse(text, out _) ? text
            : context.Error(value, $"'{ReadContext.Shown(text)}' is no IP address");
    }

    private static void ReadMode(ReadContext context, Value value)
    {
        if (context.Text(value) is { } text && text != "host")
            context.Error(
                value,
                $"'{ReadContext.Shown(text)}' is not understood: host is; a port is open on the nodes that run a replica, not on all");
    }
}
