// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace ClusterManager.Cli.Compose.Values;

/// <summary>Names of stacks and services: DNS labels, since callers find services by them.</summary>
public static class NameText
{
    /// <summary>Longest label, and longest <c>stack-service</c>.</summary>
    public const int LengthMax = 63;

    /// <summary>What is allowed, for messages.</summary>
    public const string Allowed = "lower-case letters, digits and '-', a letter or digit first and last, at most 63 characters";

    /// <summary>True for a DNS label.</summary>
    public static bool IsLabel(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length is > 0 and <= LengthMax && text[0] != '-' && text[^1] != '-'
            && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
    }

    /// <summary>The nearest label to any text, or null when nothing is left of it.</summary>
    public static string? ToLabel(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var label = new StringBuilder();
        foreach (var c in text.ToLowerInvariant())
            if (char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c)) label.Append(c);
            else if (c is '-' or '_' or '.' or ' ') label.Append('-');
        var result = label.ToString().Trim('-');
        if (result.Length > LengthMax) result = result[..LengthMax].TrimEnd('-');
        return result.Length == 0 ? null : result;
    }
}
