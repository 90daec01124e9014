// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Cli.Compose.Yaml;

/// <summary>Merge keys: <c>&lt;&lt;: *base</c> or <c>&lt;&lt;: [*a, *b]</c>. The map's own keys win, then the earlier source.</summary>
internal static class YamlMerge
{
    /// <summary>The map of <paramref name="own"/> and what <paramref name="merges"/> add to it.</summary>
    public static YamlMap Apply(Position at, string path, List<YamlEntry> own, List<YamlEntry> merges, Findings findings)
    {
        var known = own.Select(e => e.Key).ToHashSet(StringComparer.Ordinal);
        var result = new List<YamlEntry>(own);
        if (merges.Count > 1) findings.Error(merges[1].At, YamlTreeLoader.Join(path, "<<"), "the merge key stands twice: give it one list");
        foreach (var source in merges.SelectMany(m => Sources(m, path, findings)))
            foreach (var entry in source.Entries)
                if (known.Add(entry.Key)) result.Add(entry);
        return new YamlMap(at, Size(result, at), result);
    }

    private static IEnumerable<YamlMap> Sources(YamlEntry merge, string path, Findings findings)
    {
        var candidates = merge.Value is YamlList list ? list.Items : [merge.Value];
        foreach (var candidate in candidates)
            if (candidate is YamlMap map) yield return map;
            else
                findings.Error(candidate.At, YamlTreeLoader.Join(path, "<<"),
                    $"only a map or a list of maps can be merged, this is {candidate.Kind}");
    }

    private static int Size(List<YamlEntry> entries, Position at)
    {
        var size = 1 + entries.Sum(e => (long)e.Value.Size + 1);
        if (size > YamlLimits.Values) throw new YamlProblemException(at, $"the file expands to more than {YamlLimits.Values} values");
        return (int)size;
    }
}
