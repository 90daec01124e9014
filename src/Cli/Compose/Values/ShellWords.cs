// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text;

namespace ClusterManager.Cli.Compose.Values;

/// <summary>Splits a command line into words as a shell does: blanks, both quotes and the backslash; nothing is expanded.</summary>
public static class ShellWords
{
    /// <summary>Splits the text.</summary>
    /// <returns>False when a quote is not closed or a backslash ends the text.</returns>
    public static bool TrySplit(string text, out ImmutableArray<string> words)
    {
        ArgumentNullException.ThrowIfNull(text);
        var result = ImmutableArray.CreateBuilder<string>();
        StringBuilder? word = null;
        var quote = '\0';
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quote == '\'' && c != '\'') word!.Append(c);
            else if (c == '\\' && IsEscape(text, i, quote)) (word ??= new StringBuilder()).Append(text[++i]);
            else if (quote != '\0' && c == quote) quote = '\0';
            else if (quote != '\0') word!.Append(c);
            else if (c is '\'' or '"') (quote, word) = (c, word ?? new StringBuilder());
            else if (char.IsWhiteSpace(c)) Flush();
            else (word ??= new StringBuilder()).Append(c);
        }

        var isWhole = quote == '\0' && !EndsInBackslash(text);
        Flush();
        words = result.ToImmutable();
        return isWhole;

        void Flush()
        {
            if (word is not null) result.Add(word.ToString());
            word = null;
        }
    }

    // Within double quotes a backslash escapes only what would mean something there.
    private static bool IsEscape(string text, int at, char quote) =>
        at + 1 < text.Length && (quote == '\0' || text[at + 1] is '"' or '\\' or '$' or '`');

    private static bool EndsInBackslash(string text)
    {
        var count = text.Length - text.TrimEnd('\\').Length;
        return count % 2 == 1;
    }
}
