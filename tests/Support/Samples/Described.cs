// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using System.Globalization;
using System.Text;

namespace ClusterManager.Tests.Support;

/// <summary>
/// A record as text, one property a line, collections included: two records are the same when their texts are. A record's own equality
/// compares its collections by reference.
/// </summary>
public static class Described
{
    /// <summary>The text.</summary>
    public static string Of(object? value)
    {
        var text = new StringBuilder();
        Append(text, "", value);
        return text.ToString();
    }

    private static void Append(StringBuilder text, string path, object? value)
    {
        switch (value)
        {
            case null or string or Enum or IConvertible or UInt128 or TimeSpan or DateTimeOffset:
                Line(text, path, value);
                break;
            case ReadOnlyMemory<byte> bytes:
                Line(text, path, Convert.ToHexString(bytes.Span));
                break;
            case IDictionary map:
                foreach (DictionaryEntry entry in map) Append(text, $"{path}[{entry.Key}]", entry.Value);
                Line(text, path + ".Count", map.Count);
                break;
            case IEnumerable list:
                var count = 0;
                foreach (var element in list) Append(text, $"{path}[{count++}]", element);
                Line(text, path + ".Count", count);
                break;
            case System.Runtime.CompilerServices.ITuple tuple:
                for (var i = 0; i < tuple.Length; i++) Append(text, $"{path}.{i}", tuple[i]);
                break;
            default:
                foreach (var property in Sampler.PropertiesOf(value.GetType()))
                    Append(text, $"{path}.{property.Name}", property.GetValue(value));
                break;
        }
    }

    private static void Line(StringBuilder text, string path, object? value) =>
        text.Append(path).Append(" = ").Append(Convert.ToString(value ?? "(null)", CultureInfo.InvariantCulture)).Append('\n');
}
