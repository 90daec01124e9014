// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using ClusterManager.Cli.Compose.Yaml;
using ClusterManager.Cli.Text;

namespace ClusterManager.Cli.Compose;

/// <summary>
/// The keys that one kind of map understands, each with its reader, and the keys of the specification that it refuses, each with the
/// reason.
/// A key in neither is an error, so nothing can be dropped in silence.
/// </summary>
/// <typeparam name="T">What the readers fill.</typeparam>
internal sealed class KeyTable<T> : IEnumerable<string>
{
    private readonly Dictionary<string, Action<ReadContext, Value, T>> _readers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _refused = new(StringComparer.Ordinal);

    /// <summary>A key that is understood.</summary>
    public void Add(string key, Action<ReadContext, Value, T> reader) => _readers.Add(key, reader);

    /// <summary>A key of the specification that is refused, and why.</summary>
    public void Add(string key, string whyRefused) => _refused.Add(key, whyRefused);

    /// <summary>Reads all keys of a map.</summary>
    /// <returns>False when the value is no map.</returns>
    public bool Read(ReadContext context, Value value, T target)
    {
        if (value.Node is not YamlMap map)
        {
            context.Error(value, $"a map with the keys {string.Join(", ", _readers.Keys)} is expected, this is {value.Node.Kind}");
            return false;
        }

        foreach (var entry in map.Entries) ReadOne(context, entry, YamlTreeLoader.Join(value.Path, entry.Key), target);
        return true;
    }

    /// <inheritdoc/>
    public IEnumerator<string> GetEnumerator() => _readers.Keys.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void ReadOne(ReadContext context, YamlEntry entry, string path, T target)
    {
        context.Places[path] = entry.At;
        if (_readers.TryGetValue(entry.Key, out var reader)) reader(context, new Value(entry.Value, path), target);
        else if (entry.Key.StartsWith("x-", StringComparison.Ordinal)) CheckExtension(context, entry, path);
        else if (context.Ignored.Allows(path)) context.Findings.Warn(entry.At, path, "ignored, as --allow-ignored says");
        else if (_refused.TryGetValue(entry.Key, out var why)) context.Findings.Error(entry.At, path, $"not supported: {why}");
        else context.Findings.Error(entry.At, path, Unknown(entry.Key));
    }

    // x-* is the user's own; only a slip in the one we understand is worth a word.
    private static void CheckExtension(ReadContext context, YamlEntry entry, string path)
    {
        if (NearNames.Nearest(entry.Key, ["x-cluster"]) is not null)
            context.Findings.Warn(
                entry.At, path, "ignored, as every x-… key is; if 'x-cluster' was meant: it is understood below a service");
    }

    private string Unknown(string key) =>
        NearNames.Nearest(key, _readers.Keys) is { } near
            ? $"this key is not understood; did you mean '{near}'?"
            : $"this key is not understood; here are: {string.Join(", ", _readers.Keys)}";
}
