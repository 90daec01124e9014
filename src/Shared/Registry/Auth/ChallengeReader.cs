// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace ClusterManager.Registry;

/// <summary>Goes through a header of challenges word by word. Every step moves on, so that any text ends.</summary>
/// <param name="text">The header's value.</param>
internal sealed class ChallengeReader(string text)
{
    private int _at;

    /// <summary>The next word; null at the end. What belongs to no word is skipped.</summary>
    public string? Next()
    {
        while (_at < text.Length && !IsToken(text[_at]))
        {
            if (text[_at] == '"') Quoted();
            else _at++;
        }

        var start = _at;
        while (_at < text.Length && IsToken(text[_at])) _at++;
        return start == _at ? null : text[start.._at];
    }

    /// <summary>The value that an equals sign assigns to the word just read; false: the word stands alone.</summary>
    public bool TryValue(out string value)
    {
        value = "";
        var at = SkipBlanks(_at);
        if (at == text.Length || text[at] != '=') return false;
        _at = SkipBlanks(at + 1);
        if (_at < text.Length && text[_at] == '"')
        {
            value = Quoted();
            return true;
        }

        var start = _at;
        while (_at < text.Length && (IsToken(text[_at]) || text[_at] is '=' or '/' or ':')) _at++;
        value = text[start.._at];
        return true;
    }

    private string Quoted()
    {
        var value = new StringBuilder();
        for (_at++; _at < text.Length && text[_at] != '"'; _at++)
        {
            if (text[_at] == '\\' && _at + 1 < text.Length) _at++;
            value.Append(text[_at]);
        }

        if (_at < text.Length) _at++;
        return value.ToString();
    }

    private int SkipBlanks(int at)
    {
        while (at < text.Length && text[at] is ' ' or '\t') at++;
        return at;
    }

    private static bool IsToken(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '+' or '~' or '!' or '*' or '\'';
}
