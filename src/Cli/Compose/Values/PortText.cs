// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using ClusterManager.Model;

namespace ClusterManager.Cli.Compose.Values;

/// <summary>
/// Ports in short form: <c>[[ADDRESS:]HOST:]CONTAINER[/PROTOCOL]</c>, HOST and CONTAINER also as ranges of the same length.
/// With HOST it is a fixed port of every node that runs a replica, without it each replica gets a port of its own.
/// </summary>
public static class PortText
{
    /// <summary>What is allowed, for messages.</summary>
    public const string Allowed =
        "[[ADDRESS:]HOST:]CONTAINER[/tcp|/udp], for example 8080, 80:8080, 127.0.0.1:80:8080/udp or 9000-9002:8000-8002";

    private const int RangeMax = 100;

    /// <summary>Reads one entry, which may be several ports.</summary>
    /// <param name="text">For example <c>80:8080</c>.</param>
    /// <param name="ports">The ports, at least one.</param>
    /// <param name="error">What is wrong, else null.</param>
    public static bool TryParse(string text, out ImmutableArray<PortSpec> ports, out string? error)
    {
        ArgumentNullException.ThrowIfNull(text);
        ports = [];
        var slash = text.LastIndexOf('/');
        var body = slash < 0 ? text : text[..slash];
        if (!TryProtocol(slash < 0 ? "tcp" : text[(slash + 1)..], out var protocol, out error)) return false;
        if (!TrySplit(body, out var address, out var host, out var container, out error)) return false;
        if (!TryRange(container, out var targets, out error)) return false;
        if (host.Length == 0) return Dynamic(targets, protocol, address, out ports);
        if (!TryRange(host, out var published, out error)) return false;
        if (published.Count != targets.Count)
        {
            error = $"'{host}' and '{container}' are not equally long: name one host port for each container port";
            return false;
        }

        ports = [.. Enumerable.Range(0, targets.Count).Select(i => new PortSpec
        {
            Mode = PortMode.Fixed, Target = targets.First + i, Published = published.First + i, Protocol = protocol, HostAddress = address,
        })];
        return true;
    }

    /// <summary>Reads <c>tcp</c> or <c>udp</c>.</summary>
    public static bool TryProtocol(string text, out PortProtocol protocol, out string? error)
    {
        protocol = text is "udp" ? PortProtocol.Udp : PortProtocol.Tcp;
        error = text is "tcp" or "udp" ? null : $"the protocol '{text}' is not understood: tcp and udp are";
        return error is null;
    }

    /// <summary>Reads one port, 1 to 65535.</summary>
    public static bool TryPort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is >= 1 and <= 65535;

    /// <summary>The short form of a port.</summary>
    public static string Format(PortSpec port)
    {
        ArgumentNullException.ThrowIfNull(port);
        var address = port.HostAddress is { } host ? (host.Contains(':', StringComparison.Ordinal) ? $"[{host}]:" : $"{host}:") : "";
        var published = port.Published is { } number ? $"{number.ToString(CultureInfo.InvariantCulture)}:" : address.Length > 0 ? ":" : "";
        var protocol = port.Protocol == PortProtocol.Udp ? "/udp" : "";
        return $"{address}{published}{port.Target.ToString(CultureInfo.InvariantCulture)}{protocol}";
    }

    private static bool Dynamic((int First, int Count) targets, PortProtocol protocol, string? address, out ImmutableArray<PortSpec> ports)
    {
        ports = [.. Enumerable.Range(targets.First, targets.Count)
            .Select(target => new PortSpec { Mode = PortMode.Dynamic, Target = target, Protocol = protocol, HostAddress = address })];
        return true;
    }

    private static bool TrySplit(string body, out string? address, out string host, out string container, out string? error)
    {
        (address, host, error) = (null, "", null);
        var last = body.LastIndexOf(':');
        container = body[(last + 1)..];
        if (last < 0) return true;
        var rest = body[..last];
        var colon = rest.LastIndexOf(':');
        host = rest[(colon + 1)..];
        if (colon < 0)
        {
            if (host.Length == 0) error = $"'{body}' has no host port before ':'";
            return error is null;
        }

        var text = rest[..colon];
        var bare = text.StartsWith('[') && text.EndsWith(']') ? text[1..^1] : text;
        if (!IPAddress.TryParse(bare, out _) || (bare == text && text.Contains(':', StringComparison.Ordinal)))
            error = $"'{text}' is no IP address (IPv6 in brackets)";
        address = bare;
        return error is null;
    }

    private static bool TryRange(string text, out (int First, int Count) range, out string? error)
    {
        range = default;
        error = null;
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        var first = dash < 0 ? text : text[..dash];
        var last = dash < 0 ? text : text[(dash + 1)..];
        if (!TryPort(first, out var from) || !TryPort(last, out var to)) error = $"'{text}' is no port: 1 to 65535 or a range of them";
        else if (to < from) error = $"the range '{text}' runs backwards";
        else if (to - from >= RangeMax) error = $"the range '{text}' has more than {RangeMax} ports";
        else range = (from, to - from + 1);
        return error is null;
    }
}
