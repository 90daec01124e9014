// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using ClusterManager.Cli.Compose.Values;
using ClusterManager.Cli.Compose.Variables;
using ClusterManager.Cli.Compose.Yaml;

namespace ClusterManager.Cli.Compose;

/// <summary>A value with the path that led to it. Aliases share nodes, so the path cannot live in the node.</summary>
internal readonly record struct Value(YamlNode Node, string Path)
{
    /// <summary>Where it stands.</summary>
    public Position At => Node.At;

    /// <summary>True for an empty value.</summary>
    public bool IsNull => Node is YamlScalar { IsNull: true };
}

/// <summary>What every section needs: the findings, the variables, and readers of simple values that report what is wrong and answer
/// null.</summary>
internal sealed class ReadContext
{
    private readonly Interpolator _interpolator;
    private Value _current;

    public ReadContext(Findings findings, ComposeOptions options, VariableSource variables)
    {
        (Findings, Options, Variables, Ignored) = (findings, options, variables, new IgnoredKeys(options.AllowIgnored));
        _interpolator = new Interpolator(variables.Find, WarnUnset);
    }

    /// <summary>Where errors and warnings go.</summary>
    public Findings Findings { get; }

    /// <summary>What the caller gave.</summary>
    public ComposeOptions Options { get; }

    /// <summary>The caller's environment and the file <c>.env</c>.</summary>
    public VariableSource Variables { get; }

    /// <summary>The keys the caller allowed to be ignored.</summary>
    public IgnoredKeys Ignored { get; }

    /// <summary>The stack's own volumes, as declared at the top of the file; each use is noted.</summary>
    public Dictionary<string, bool> VolumeUse { get; } = new(StringComparer.Ordinal);

    /// <summary>Dependencies (<c>service/other</c>) of which a file without the other says nothing wrong.</summary>
    public HashSet<string> Optional { get; } = new(StringComparer.Ordinal);

    /// <summary>Where each key that was read stands, for errors about several keys together.</summary>
    public Dictionary<string, Position> Places { get; } = new(StringComparer.Ordinal);

    /// <summary>Reports an error at a key that was read, else at <paramref name="owner"/>.</summary>
    public void ErrorAtKey(Value owner, string path, string message) =>
        Findings.Error(Places.GetValueOrDefault(path, owner.At), path, message);

    /// <summary>As above, told with another path than that of the key.</summary>
    public void ErrorAtKey(Value owner, string key, string path, string message) =>
        Findings.Error(Places.GetValueOrDefault(key, Places.GetValueOrDefault(path, owner.At)), path, message);

    /// <summary>Reports an error at the value; answers null so that readers can return it.</summary>
    public string? Error(Value value, string message)
    {
        Findings.Error(value.At, value.Path, message);
        return null;
    }

    /// <summary>The text with its variables, also of a number or boolean; null (with an error) when it is empty, a list or a map.</summary>
    public string? Text(Value value)
    {
        if (value.Node is YamlScalar { IsNull: false } scalar) return Expanded(value, scalar);
        return Error(value, $"a text is expected, this is {value.Node.Kind}");
    }

    /// <summary>As <see cref="Text"/>, but an empty value is the empty text.</summary>
    public string? TextOrEmpty(Value value) => value.IsNull ? "" : Text(value);

    /// <summary>A text that must have characters.</summary>
    public string? FilledText(Value value)
    {
        var text = Text(value);
        return text is { Length: 0 } ? Error(value, "it must not be empty") : text;
    }

    /// <summary>True or false; a quoted one too, since variables need quotes.</summary>
    public bool? Bool(Value value)
    {
        switch (Text(value)?.ToUpperInvariant())
        {
            case null: return null;
            case "TRUE" or "YES" or "ON" or "Y": return true;
            case "FALSE" or "NO" or "OFF" or "N": return false;
            default:
                Error(value, "true or false is expected");
                return null;
        }
    }

    /// <summary>A whole number within a range.</summary>
    public long? Integer(Value value, long min, long max)
    {
        if (Text(value) is not { } text) return null;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= min
            && number <= max) return number;
        Error(value, string.Create(
            CultureInfo.InvariantCulture, $"'{Shown(text)}' is not understood: a whole number from {min} to {max} is"));
        return null;
    }

    /// <summary>A duration within a range.</summary>
    public TimeSpan? Duration(Value value, TimeSpan min, TimeSpan max)
    {
        if (Text(value) is not { } text) return null;
        if (!DurationText.TryParse(text, out var duration))
            Error(value, $"'{Shown(text)}' is not understood: {DurationText.Allowed} is");
        else if (duration < min || duration > max)
            Error(value, $"'{Shown(text)}' is outside of {DurationText.Format(min)} to {DurationText.Format(max)}");
        else
            return duration;
        return null;
    }

    /// <summary>A size in bytes, at least <paramref name="min"/>.</summary>
    public long? Bytes(Value value, long min)
    {
        if (Text(value) is not { } text) return null;
        if (!ByteText.TryParse(text, out var bytes)) Error(value, $"'{Shown(text)}' is not understood: {ByteText.Allowed} is");
        else if (bytes < min)
            Error(value, string.Create(CultureInfo.InvariantCulture, $"'{Shown(text)}' is too small: at least {min} bytes are needed"));
        else return bytes;
        return null;
    }

    /// <summary>The items of a list; an empty value is an empty list.</summary>
    public IEnumerable<Value> Items(Value value)
    {
        if (value.Node is YamlList list)
            return list.Items.Select((item, i) => new Value(item, string.Create(CultureInfo.InvariantCulture, $"{value.Path}[{i}]")));
        if (!value.IsNull) Error(value, $"a list is expected, this is {value.Node.Kind}");
        return [];
    }

    /// <summary>The texts of a list.</summary>
    public IReadOnlyList<string> Texts(Value value) => [.. Items(value).Select(Text).OfType<string>()];

    /// <summary>The entries of a map with free keys; an empty value is an empty map.</summary>
    public IEnumerable<(string Key, Position KeyAt, Value Value)> Entries(Value value)
    {
        if (value.Node is YamlMap map)
            return map.Entries.Select(e => (e.Key, e.At, new Value(e.Value, YamlTreeLoader.Join(value.Path, e.Key))));
        if (!value.IsNull) Error(value, $"a map is expected, this is {value.Node.Kind}");
        return [];
    }

    /// <summary>A text shortened for a message, control characters shown as blanks.</summary>
    public static string Shown(string text)
    {
        var shown = new StringBuilder();
        foreach (var c in text.Length <= 80 ? text : text[..80] + "…") shown.Append(char.IsControl(c) ? ' ' : c);
        return shown.ToString();
    }

    private string? Expanded(Value value, YamlScalar scalar)
    {
        try
        {
            _current = value;
            var text = _interpolator.Expand(scalar.Text);
            return text.Contains('\0', StringComparison.Ordinal) ? Error(value, "a text cannot contain the character NUL") : text;
        }
        catch (InterpolationException e)
        {
            return Error(value, e.Message);
        }
    }

    private void WarnUnset(string name) =>
        Findings.Warn(_current.At, _current.Path, $"the variable {name} is not set: an empty text stands in for it");
}
