// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Cli.Text;

/// <summary>"Did you mean": the known name nearest to what was typed.</summary>
public static class NearNames
{
    private const int LengthMax = 100;

    /// <summary>The nearest name, or null when none is near: at most a third of the characters may differ, and at least one of
    /// them.</summary>
    public static string? Nearest(string typed, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(typed);
        ArgumentNullException.ThrowIfNull(known);
        if (typed.Length is 0 or > LengthMax) return null;
        var most = Math.Max(1, typed.Length / 3);
        return known.Where(name => name.Length <= LengthMax)
            .Select(name => (Name: name, Distance: Distance(typed.ToUpperInvariant(), name.ToUpperInvariant())))
            .Where(x => x.Distance <= most)
            .OrderBy(x => x.Distance).ThenBy(x => x.Name, StringComparer.Ordinal)
            .Select(x => x.Name).FirstOrDefault();
    }

    /// <summary>"; did you mean X?" or nothing.</summary>
    public static string Hint(string typed, IEnumerable<string> known) =>
        Nearest(typed, known) is { } name ? $"; did you mean '{name}'?" : "";

    // Insertions, deletions, replacements and swaps of neighbours, one each.
    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) d[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) d[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                d[i, j] = Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }

        return d[a.Length, b.Length];
    }
}
