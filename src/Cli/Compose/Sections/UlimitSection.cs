// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Cli.Compose.Yaml;
using ClusterManager.Cli.Text;
using ClusterManager.Model;

namespace ClusterManager.Cli.Compose.Sections;

/// <summary>Process limits: a number for both, or <c>{soft, hard}</c>; −1 is unlimited.</summary>
internal static class UlimitSection
{
    /// <summary>The names that the engine knows.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss", "rtprio", "rttime", "sigpending",
        "stack",
    ];

    private sealed class Pair
    {
        public long? Soft { get; set; }

        public long? Hard { get; set; }
    }

    private static readonly KeyTable<Pair> Keys = new()
    {
        { "soft", static (c, v, p) => p.Soft = c.Integer(v, -1, long.MaxValue) },
        { "hard", static (c, v, p) => p.Hard = c.Integer(v, -1, long.MaxValue) },
    };

    /// <summary>Reads <c>ulimits</c>.</summary>
    public static void Read(ReadContext context, Value value, ServiceDraft draft)
    {
        foreach (var (name, at, item) in context.Entries(value))
        {
            if (!Names.Contains(name))
                context.Findings.Error(
                    at, item.Path,
                    $"'{ReadContext.Shown(name)}' is no limit{NearNames.Hint(name, Names)} Known: {string.Join(", ", Names)}");
            if (ReadOne(context, name, item) is { } limit)
                draft.Container = draft.Container with { Ulimits = draft.Container.Ulimits.Add(limit) };
        }

        draft.Container = draft.Container with { Ulimits = [.. draft.Container.Ulimits.OrderBy(u => u.Name, StringComparer.Ordinal)] };
    }

    private static UlimitSpec? ReadOne(ReadContext context, string name, Value item)
    {
        var pair = new Pair();
        if (item.Node is not YamlMap) return context.Integer(item, -1, long.MaxValue) is { } both ? new UlimitSpec(name, both, both) : null;
        Keys.Read(context, item, pair);
        if (pair is { Soft: { } soft, Hard: { } hard })
        {
            if (hard != -1 && (soft == -1 || soft > hard)) context.Error(item, "the soft limit is above the hard one");
            return new UlimitSpec(name, soft, hard);
        }

        var keys = ((YamlMap)item.Node).Entries.Select(e => e.Key).ToArray();
        if (!keys.Contains("soft") || !keys.Contains("hard")) context.Error(item, "both 'soft' and 'hard' are needed");
        return null;
    }
}
