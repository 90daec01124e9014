// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Net;
using ClusterManager.Cli.Compose.Yaml;
using ClusterManager.Model;

namespace ClusterManager.Cli.Compose.Sections;

/// <summary>What compose writes as a map or as a list of <c>key=value</c>.</summary>
internal static class PairsSection
{
    private const string ReservedPrefix = "cluster.";

    private static readonly string[] NamespacedKernel =
        ["kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shmall", "kernel.shmmax", "kernel.shmmni",
            "kernel.shm_rmid_forced"];

    /// <summary>Reads the pairs; a null value is a key without one. A key that stands twice in a list is an error.</summary>
    public static IEnumerable<(string Key, string? Text, Value Value)> Read(ReadContext context, Value value)
    {
        if (value.Node is YamlMap)
        {
            foreach (var (key, _, item) in context.Entries(value))
                if (item.IsNull) yield return (key, null, item);
                else if (context.Text(item) is { } text) yield return (key, text, item);
            yield break;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in context.Items(value))
        {
            if (context.FilledText(item) is not { } text) continue;
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            var key = equals < 0 ? text : text[..equals];
            if (!seen.Add(key)) context.Error(item, $"'{ReadContext.Shown(key)}' stands twice");
            else yield return (key, equals < 0 ? null : text[(equals + 1)..], item);
        }
    }

    /// <summary>Labels; one without a value has the empty text.</summary>
    public static ImmutableSortedDictionary<string, string> Labels(ReadContext context, Value value)
    {
        var labels = Maps.Empty.ToBuilder();
        foreach (var (key, text, item) in Read(context, value))
        {
            if (key.Length == 0) context.Error(item, "a label needs a name");
            else if (key.StartsWith(ReservedPrefix, StringComparison.Ordinal))
                context.Error(item, $"labels that begin with '{ReservedPrefix}' are the cluster's own");
            else labels[key] = text ?? "";
        }

        return labels.ToImmutable();
    }

    /// <summary>Kernel parameters, only those a container has for itself.</summary>
    public static ImmutableSortedDictionary<string, string> Sysctls(ReadContext context, Value value)
    {
        var sysctls = Maps.Empty.ToBuilder();
        foreach (var (key, text, item) in Read(context, value))
        {
            var isNamespaced = key.StartsWith("net.", StringComparison.Ordinal) || key.StartsWith("fs.mqueue.", StringComparison.Ordinal)
                || NamespacedKernel.Contains(key);
            if (!isNamespaced)
                context.Error(
                    item, $"'{ReadContext.Shown(key)}' is not a container's own: net.…, fs.mqueue.… and some of kernel.… are");
            else if (string.IsNullOrEmpty(text)) context.Error(item, "it needs a value");
            else sysctls[key] = text;
        }

        return sysctls.ToImmutable();
    }

    /// <summary>Lines of /etc/hosts: a map of names to addresses, or a list of <c>name=address</c> or <c>name:address</c>.</summary>
    public static ImmutableArray<HostEntry> ExtraHosts(ReadContext context, Value value)
    {
        var hosts = ImmutableArray.CreateBuilder<HostEntry>();
        if (value.Node is YamlMap)
        {
            foreach (var (name, _, item) in context.Entries(value))
                foreach (var address in item.Node is YamlList ? context.Items(item) : [item])
                    Add(name, context.FilledText(address), address);
            return hosts.ToImmutable();
        }

        foreach (var item in context.Items(value))
        {
            if (context.FilledText(item) is not { } text) continue;
            var at = text.IndexOf('=', StringComparison.Ordinal);
            if (at < 0) at = text.IndexOf(':', StringComparison.Ordinal);
            if (at <= 0) context.Error(item, $"'{ReadContext.Shown(text)}' is not understood: 'name=address' or 'name:address' is");
            else Add(text[..at], text[(at + 1)..], item);
        }

        return hosts.ToImmutable();

        void Add(string name, string? address, Value item)
        {
            if (address is null) return;
            if (TryHost(name, address) is { } entry) hosts.Add(entry);
            else context.Error(item, $"'{ReadContext.Shown(address)}' is no IP address and not host-gateway, or the name is empty");
        }
    }

    /// <summary>One entry, or null when the address is none. IPv6 may stand in brackets.</summary>
    public static HostEntry? TryHost(string name, string address)
    {
        var bare = address.StartsWith('[') && address.EndsWith(']') ? address[1..^1] : address;
        return name.Trim().Length > 0 && (bare == "host-gateway" || IPAddress.TryParse(bare, out _)) ? new HostEntry(name.Trim(), bare)
            : null;
    }
}
