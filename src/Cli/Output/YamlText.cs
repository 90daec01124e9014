// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClusterManager.Cli.Output;

/// <summary>JSON documents as YAML: the same keys, block style, texts in double quotes wherever YAML could read something else.</summary>
internal static class YamlText
{
    /// <summary>The document, ending in a line break.</summary>
    public static string Of(JsonNode? node)
    {
        var text = new StringBuilder();
        Write(text, node, 0, isInline: false);
        return text.ToString();
    }

    private static void Write(StringBuilder text, JsonNode? node, int indent, bool isInline)
    {
        switch (node)
        {
            case JsonObject { Count: > 0 } map:
                foreach (var (key, value) in map)
                {
                    text.Append(' ', isInline ? 0 : indent).Append(Scalar(key)).Append(':');
                    isInline = false;
                    Nested(text, value, value is JsonArray ? indent : indent + 2);
                }

                break;
            case JsonArray { Count: > 0 } list:
                foreach (var item in list)
                {
                    text.Append(' ', isInline ? 0 : indent).Append("- ");
                    isInline = false;
                    Write(text, item, indent + 2, isInline: true);
                }

                break;
            default: text.Append(Leaf(node)).Append('\n'); break;
        }
    }

    private static void Nested(StringBuilder text, JsonNode? value, int indent)
    {
        var isBlock = value is JsonObject { Count: > 0 } or JsonArray { Count: > 0 };
        text.Append(isBlock ? "\n" : " ");
        Write(text, value, indent, isInline: false);
    }

    private static string Leaf(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject => "{}",
        JsonArray => "[]",
        _ => node.GetValueKind() == JsonValueKind.String ? Scalar(node.GetValue<string>()) : node.ToJsonString(),
    };

    private static string Scalar(string text)
    {
        var isPlain = text.Length > 0 && char.IsAsciiLetter(text[0]) && text[^1] != ':'
            && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '/' or ':' or '@' or '+')
            && !text.Contains(": ", StringComparison.Ordinal)
            && text.ToUpperInvariant() is not ("TRUE" or "FALSE" or "YES" or "NO" or "ON" or "OFF" or "NULL" or "Y" or "N");
        return isPlain ? text : Quoted(text);
    }

    private static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\t' => "\\t",
                '\r' => "\\r",
                _ when char.IsControl(c) || c is '\u2028' or '\u2029' or '\uFEFF' =>
                    "\\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture),
                _ => c.ToString(),
            });
        return quoted.Append('"').ToString();
    }
}
