// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace ClusterManager.Cli.Compose.Variables;

/// <summary>
/// Reads environment files as the compose specification says: <c>KEY=value</c> or <c>KEY: value</c>, an <c>export</c> before it is
/// skipped, <c>#</c> begins a
/// comment (in a value only after a blank), single quotes keep everything, double quotes know <c>\n \r \t \\ \" \$</c>, both may span
/// lines;
/// unquoted and double-quoted values take variables.
/// </summary>
internal sealed class EnvFileParser
{
    private readonly string _text;
    private readonly Func<string, string?> _outer;
    private readonly Action<Position, string> _error;
    private readonly Action<string> _unset;
    private readonly List<KeyValuePair<string, string?>> _pairs = [];
    private readonly Dictionary<string, string> _known = new(StringComparer.Ordinal);
    private int _at;
    private int _line = 1;

    private EnvFileParser(string text, Func<string, string?> outer, Action<string> unset, Action<Position, string> error)
    {
        (_text, _outer, _unset, _error) = (text.ReplaceLineEndings("\n"), outer, unset, error);
    }

    /// <summary>Reads the pairs in their order; a null value is a key without one, which takes the caller's.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="outer">Variables from outside; they win over those of the file.</param>
    /// <param name="unset">Told each variable that is set nowhere.</param>
    /// <param name="error">Told what is wrong and where in the file.</param>
    public static IReadOnlyList<KeyValuePair<string, string?>> Parse(
        string text, Func<string, string?> outer, Action<string> unset, Action<Position, string> error)
    {
        var parser = new EnvFileParser(text.TrimStart('\uFEFF'), outer, unset, error);
        while (parser._at < parser._text.Length) parser.Line();
        return parser._pairs;
    }

    /// <summary>Reads a file of format <c>raw</c>: each line is <c>KEY=value</c>, and the value is taken as it stands.</summary>
    public static IReadOnlyList<KeyValuePair<string, string?>> ParseRaw(string text, Action<Position, string> error)
    {
        var pairs = new List<KeyValuePair<string, string?>>();
        var lines = text.TrimStart('\uFEFF').ReplaceLineEndings("\n").Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].Trim().Length == 0 || lines[i].TrimStart().StartsWith('#')) continue;
            var equals = lines[i].IndexOf('=', StringComparison.Ordinal);
            var key = (equals < 0 ? lines[i] : lines[i][..equals]).Trim();
            if (!IsKey(key)) error(new Position(i + 1, 1), "KEY=value is expected");
            else pairs.Add(new(key, equals < 0 ? null : lines[i][(equals + 1)..]));
        }

        return pairs;
    }

    private void Line()
    {
        var end = LineEnd();
        var line = _text[_at..end];
        if (line.Trim().Length == 0 || line.TrimStart().StartsWith('#'))
        {
            Skip(end + 1);
            return;
        }

        var start = _at + line.Length - line.TrimStart().Length;
        if (line.TrimStart().StartsWith("export ", StringComparison.Ordinal)) start += "export ".Length;
        var delimiter = _text.AsSpan(start, end - start).IndexOfAny('=', ':');
        var key = (delimiter < 0 ? WithoutComment(_text[start..end]) : _text.Substring(start, delimiter)).Trim();
        if (!IsKey(key))
        {
            _error(new Position(_line, 1), "KEY=value is expected; a key has no blanks and no quotes");
            Skip(end + 1);
            return;
        }

        if (delimiter < 0) Without(key, end);
        else With(key, start + delimiter + 1);
    }

    private void Without(string key, int end)
    {
        _pairs.Add(new(key, null));
        Skip(end + 1);
    }

    private void With(string key, int from)
    {
        while (from < _text.Length && _text[from] is ' ' or '\t') from++;
        _at = from;
        var line = _line;
        try
        {
            var quote = from < _text.Length ? _text[from] : '\n';
            var value = quote is '\'' or '"' ? Quoted(quote) : Expand(Unquoted());
            _pairs.Add(new(key, value));
            _known[key] = value;
        }
        catch (InterpolationException e)
        {
            _error(new Position(line, 1), e.Message);
            if (_text[_at - 1] != '\n') Skip(LineEnd() + 1);
        }
    }

    private string Unquoted()
    {
        var end = LineEnd();
        var value = WithoutComment(_text[_at..end]).Trim();
        Skip(end + 1);
        return value;
    }

    private string Quoted(char quote)
    {
        var value = new StringBuilder();
        var at = _at + 1;
        for (; at < _text.Length && _text[at] != quote; at++)
        {
            if (_text[at] == '\\' && at + 1 < _text.Length && Escape(quote, _text[at + 1]) is { } escaped)
            {
                value.Append(escaped);
                at++;
            }
            else
            {
                value.Append(_text[at]);
            }
        }

        if (at >= _text.Length) throw new InterpolationException($"the quote {quote} is not closed");
        Skip(at + 1);
        var rest = WithoutComment(" " + _text[_at..LineEnd()]).Trim();
        if (rest.Length > 0) throw new InterpolationException("after the closing quote only a comment may follow");
        Skip(LineEnd() + 1);
        return quote == '"' ? Expand(value.ToString()) : value.ToString();
    }

    // An escaped dollar stays one: the interpolation that follows knows "$$".
    private static string? Escape(char quote, char next) => (quote, next) switch
    {
        ('\'', '\'') => "'",
        ('"', '"') => "\"",
        ('"', 'n') => "\n",
        ('"', 'r') => "\r",
        ('"', 't') => "\t",
        ('"', '\\') => "\\",
        ('"', '$') => "$$",
        _ => null,
    };

    private string Expand(string value) =>
        new Interpolator(name => _outer(name) ?? _known.GetValueOrDefault(name), _unset).Expand(value);

    private static string WithoutComment(string value)
    {
        if (value.StartsWith('#')) return "";
        for (var i = 1; i < value.Length; i++)
            if (value[i] == '#' && value[i - 1] is ' ' or '\t') return value[..(i - 1)];
        return value;
    }

    private int LineEnd() => _at >= _text.Length ? _text.Length : _text.IndexOf('\n', _at) is var end && end < 0 ? _text.Length : end;

    private void Skip(int to)
    {
        to = Math.Min(to, _text.Length);
        if (to <= _at) return;
        _line += _text.AsSpan(_at, to - _at).Count('\n');
        _at = to;
    }

    private static bool IsKey(string key) => key.Length > 0
        && !key.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '\'' or '"' or '=' or '#' or '$');
}
