// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace ClusterManager.Benchmarks.Common;

/// <summary>One section of docs/benchmarks.md: a title, a sentence about what was measured, a table.</summary>
internal sealed class Report(string title, string about)
{
    private readonly List<string[]> rows = [];
    private readonly List<string> notes = [];
    private string[] columns = [];

    /// <summary>The section's heading.</summary>
    public string Title { get; } = title;

    /// <summary>A goal was missed, and the caller wants to know by the exit code.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>The table's head.</summary>
    public Report Columns(params string[] names)
    {
        columns = names;
        return this;
    }

    /// <summary>One line of the table.</summary>
    public void Row(params string[] cells) => rows.Add(cells);

    /// <summary>A sentence below the table.</summary>
    public void Note(string text) => notes.Add(text);

    /// <summary>A sentence below the table that fails the run.</summary>
    public void Fail(string text)
    {
        HasFailed = true;
        notes.Add(text);
    }

    /// <summary>The section as markdown.</summary>
    public string Render(BenchOptions options)
    {
        var text = new StringBuilder();
        text.Append("## ").Append(Title).Append("\n\n").Append(about).Append("\n\n");
        text.Append('`').Append(options.Command).Append("`, ").Append(Machine.Describe()).Append("\n\n");
        Line(text, columns);
        Line(text, [.. columns.Select(_ => "---")]);
        foreach (var row in rows) Line(text, row);
        if (notes.Count > 0) text.Append('\n');
        foreach (var note in notes) text.Append("- ").Append(note).Append('\n');
        return text.ToString();
    }

    private static void Line(StringBuilder text, string[] cells) =>
        text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");

    /// <summary>A number for a cell.</summary>
    public static string Cell(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
