// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Shared.Tests.Tidy;

/// <summary>
/// Finds the bodies of methods by the layout that our formatting has: a brace alone on its line, closed at the same depth. Types are left
/// out, and so are blocks inside methods, which are deeper than the method that holds them.
/// </summary>
internal static class MethodLengths
{
    private static readonly string[] TypeWords = ["class ", "record ", "struct ", "interface ", "enum ", "namespace "];

    /// <summary>Each method's first line (from 0) and its length in lines, braces included.</summary>
    public static IEnumerable<(int Line, int Length)> Of(IReadOnlyList<string> lines)
    {
        for (var i = 1; i < lines.Count; i++)
        {
            if (lines[i].TrimStart() != "{" || IsType(lines, i)) continue;
            // A table of data may be as long as there is data.
            var isData = lines[i - 1].Contains("= new", StringComparison.Ordinal);
            var end = EndOf(lines, i);
            if (!isData) yield return (i, end - i + 1);
            i = end;
        }
    }

    private static int EndOf(IReadOnlyList<string> lines, int start)
    {
        var closing = lines[start].Replace('{', '}');
        for (var i = start + 1; i < lines.Count; i++)
        {
            if (lines[i].StartsWith(closing, StringComparison.Ordinal)) return i;
        }

        return lines.Count - 1;
    }

    // The declaration may go on over several lines: up to the last blank line, brace or statement.
    private static bool IsType(IReadOnlyList<string> lines, int brace)
    {
        for (var i = brace - 1; i >= 0; i--)
        {
            var line = lines[i].Trim();
            if (line.Length == 0 || line is "{" or "}" || line.EndsWith(';') || line.StartsWith("//", StringComparison.Ordinal))
                return false;
            if (TypeWords.Any(word => line.Contains(word, StringComparison.Ordinal))) return true;
        }

        return false;
    }
}
