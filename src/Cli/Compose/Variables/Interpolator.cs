// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace ClusterManager.Cli.Compose.Variables;

/// <summary>
/// Puts variables into a text, in all forms of the compose specification: <c>$V ${V} ${V:-d} ${V-d} ${V:?e} ${V?e} ${V:+r} ${V+r}</c>,
/// nested ones in the default, message or replacement, and <c>$$</c> for one dollar.
/// </summary>
/// <param name="lookup">The value of a variable; null: not set.</param>
/// <param name="unset">Told each variable that is not set and has no default: an empty text stands in for it.</param>
internal sealed class Interpolator(Func<string, string?> lookup, Action<string> unset)
{
    private const int DepthMax = 16;
    private const int LengthMax = 1 << 20;

    /// <summary>The text with its variables.</summary>
    /// <exception cref="InterpolationException">The text has a form that is not understood, or a required variable is missing.</exception>
    public string Expand(string text) => text.Contains('$', StringComparison.Ordinal) ? Expand(text, 0) : text;

    private string Expand(string text, int depth)
    {
        if (depth > DepthMax) throw new InterpolationException($"variables are nested deeper than {DepthMax} levels");
        var result = new StringBuilder();
        var at = 0;
        while (at < text.Length)
        {
            var dollar = text.IndexOf('$', at);
            if (dollar < 0) dollar = text.Length;
            result.Append(text, at, dollar - at);
            at = dollar;
            if (at < text.Length) at = One(text, at, depth, result);
            if (result.Length > LengthMax) throw new InterpolationException($"the text grows beyond {LengthMax} characters");
        }

        return result.ToString();
    }

    private int One(string text, int dollar, int depth, StringBuilder result)
    {
        var next = dollar + 1 < text.Length ? text[dollar + 1] : '\0';
        if (next == '$')
        {
            result.Append('$');
            return dollar + 2;
        }

        if (next == '{')
        {
            var close = Close(text, dollar);
            result.Append(Braced(text[(dollar + 2)..close], depth));
            return close + 1;
        }

        var end = NameEnd(text, dollar + 1);
        if (end == dollar + 1) throw new InterpolationException("a single '$' begins a variable: write '$$' for a dollar");
        result.Append(Plain(text[(dollar + 1)..end]));
        return end;
    }

    // The brace that closes the one after the dollar, skipping nested variables.
    private static int Close(string text, int dollar)
    {
        var open = 0;
        for (var i = dollar + 1; i < text.Length; i++)
        {
            if (text[i] == '{' && text[i - 1] == '$') open++;
            else if (text[i] == '}' && --open == 0) return i;
        }

        throw new InterpolationException("'${' has no closing '}'");
    }

    private string Braced(string inner, int depth)
    {
        var end = NameEnd(inner, 0);
        var name = inner[..end];
        var rest = inner[end..];
        if (name.Length == 0)
            throw new InterpolationException($"'${{{Short(inner)}}}' has no variable's name: letters, digits and '_', not a digit first");
        if (rest.Length == 0) return Plain(name);
        var colon = rest[0] == ':';
        var sign = rest.Length > (colon ? 1 : 0) ? rest[colon ? 1 : 0] : '\0';
        var word = sign == '\0' ? "" : rest[(colon ? 2 : 1)..];
        var value = lookup(name);
        var isThere = colon ? !string.IsNullOrEmpty(value) : value is not null;
        return sign switch
        {
            '-' => isThere ? value! : Expand(word, depth + 1),
            '+' => isThere ? Expand(word, depth + 1) : "",
            '?' => isThere ? value! : throw Missing(name, Expand(word, depth + 1)),
            _ => throw new InterpolationException(
                $"'${{{Short(inner)}}}' is not understood: after the name ':-', '-', ':?', '?', ':+' or '+' may follow"),
        };
    }

    private string Plain(string name)
    {
        if (lookup(name) is { } value) return value;
        unset(name);
        return "";
    }

    private static InterpolationException Missing(string name, string message) =>
        new($"the variable {name} is required but not set{(message.Length == 0 ? "" : $": {message}")}");

    private static int NameEnd(string text, int from)
    {
        var at = from;
        while (at < text.Length && (char.IsAsciiLetter(text[at]) || text[at] == '_' || (at > from && char.IsAsciiDigit(text[at])))) at++;
        return at;
    }

    private static string Short(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
