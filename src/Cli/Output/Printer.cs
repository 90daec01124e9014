// SPDX-License-Identifier: Apache-2.0
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace ClusterManager.Cli.Output;

/// <summary>Prints results in the asked-for format, on standard output only.</summary>
/// <param name="environment">Where to.</param>
/// <param name="format">How.</param>
/// <param name="isTruncating">False with <c>--no-trunc</c>.</param>
internal sealed class Printer(CliEnvironment environment, OutputFormat format, bool isTruncating)
{
    // Readable in a terminal: only what JSON itself needs is escaped, results are never put into HTML.
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The asked-for format.</summary>
    public OutputFormat Format => format;

    /// <summary>True when a program reads the result: nothing else may be written beside it.</summary>
    public bool IsForPrograms => format is OutputFormat.Json or OutputFormat.Yaml or OutputFormat.Name;

    /// <summary>Prints a list: a table, one document with an array, or the names.</summary>
    public void List<T>(IReadOnlyList<T> rows, Func<T, string> name, JsonTypeInfo<T> type, IReadOnlyList<Column<T>> columns)
    {
        switch (format)
        {
            case OutputFormat.Name:
                foreach (var row in rows) environment.Out.WriteLine(name(row));
                break;
            case OutputFormat.Json or OutputFormat.Yaml:
                Document(new JsonArray([.. rows.Select(r => JsonSerializer.SerializeToNode(r, type))]));
                break;
            default:
                Table(rows, columns);
                break;
        }
    }

    /// <summary>Prints a document as JSON or YAML (JSON for every other format).</summary>
    public void Document(JsonNode node)
    {
        if (format == OutputFormat.Yaml)
        {
            environment.Out.Write(YamlText.Of(node));
            return;
        }

        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Indented)) node.WriteTo(writer);
        environment.Out.WriteLine(System.Text.Encoding.UTF8.GetString(buffer.ToArray()));
    }

    /// <summary>Prints a table; also the part of a larger text.</summary>
    public void Table<T>(IReadOnlyList<T> rows, IReadOnlyList<Column<T>> columns, string indent = "")
    {
        int? width = isTruncating && environment.IsOutTerminal && format != OutputFormat.Wide ? environment.Width - indent.Length : null;
        foreach (var line in TableLayout.Lines(columns, rows, format == OutputFormat.Wide, width)) environment.Out.WriteLine(indent + line);
    }

    /// <summary>Prints a line of a result for people.</summary>
    public void Line(string text = "") => environment.Out.WriteLine(text);
}
