// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace ClusterManager.Manager.Planning;

/// <summary>What a mistyped name may have meant, by edit distance.</summary>
internal static class NearestNames
{
    private const int MostCandidates = 3;

    /// <summary>At most three of the names, nearest first; only those at most a third of the name's length (at least 2) away.</summary>
    public static ImmutableArray<string> Of(string name, IEnumerable<string> known)
    {
        var most = Math.Max(2, name.Length / 3);
        return [.. known.Select(candidate => (candidate, distance: Distance(name, candidate)))
            .Where(pair => pair.distance <= most)
            .OrderBy(pair => pair.distance).ThenBy(pair => pair.candidate, StringComparer.Ordinal)
            .Select(pair => pair.candidate).Take(MostCandidates)];
    }

    /// <summary>Levenshtein's distance: insertions, deletions and replacements of one character.</summary>
    internal static int Distance(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > 32) return int.MaxValue;
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
