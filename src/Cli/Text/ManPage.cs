// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace ClusterManager.Cli.Text;

/// <summary>Writes a manual page in the man(7) macros.</summary>
internal sealed class ManPage
{
    private readonly StringBuilder _text = new();

    /// <summary>Begins a page.</summary>
    /// <param name="name">For example <c>cluster-deploy</c>.</param>
    /// <param name="section">1 for commands, 8 for what the system runs.</param>
    /// <param name="version">Of the product.</param>
    /// <param name="summary">One line, without a full stop.</param>
    public ManPage(string name, int section, string version, string summary)
    {
        _text.Append(".TH ").Append(Quoted(name.ToUpperInvariant())).Append($" \"{section}\" \"\" ")
            .Append(Quoted($"Cluster Manager {version}")).Append(" \"Cluster Manager\"\n");
        Section("NAME");
        Paragraph($"{name} - {summary}");
    }

    /// <summary>Begins a section.</summary>
    public ManPage Section(string title)
    {
        _text.Append(".SH ").Append(Quoted(title.ToUpperInvariant())).Append('\n');
        return this;
    }

    /// <summary>Begins a part of a section.</summary>
    public ManPage Part(string title)
    {
        _text.Append(".SS ").Append(Quoted(title)).Append('\n');
        return this;
    }

    /// <summary>Running text.</summary>
    public ManPage Paragraph(string text)
    {
        _text.Append(".PP\n").Append(Escaped(text)).Append('\n');
        return this;
    }

    /// <summary>A term and what it means.</summary>
    public ManPage Item(string term, string meaning)
    {
        _text.Append(".TP\n\\fB").Append(Escaped(term)).Append("\\fR\n").Append(Escaped(meaning.Length == 0 ? " " : meaning)).Append('\n');
        return this;
    }

    /// <summary>Lines as they are typed.</summary>
    public ManPage Verbatim(string lines)
    {
        _text.Append(".PP\n.RS 4\n.nf\n");
        foreach (var line in lines.ReplaceLineEndings("\n").Split('\n')) _text.Append(Escaped(line)).Append('\n');
        _text.Append(".fi\n.RE\n");
        return this;
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    private static string Quoted(string text) => $"\"{Escaped(text).Replace("\"", "\\(dq", StringComparison.Ordinal)}\"";

    // A dot or an apostrophe at the beginning of a line would be a request; a plain minus would become a hyphen.
    private static string Escaped(string text)
    {
        var escaped = text.Replace("\\", "\\e", StringComparison.Ordinal).Replace("-", "\\-", StringComparison.Ordinal)
            .Replace("…", "...", StringComparison.Ordinal);
        return escaped.Length > 0 && escaped[0] is '.' or '\'' ? "\\&" + escaped : escaped;
    }
}
