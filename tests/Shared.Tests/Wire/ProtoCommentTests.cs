// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using ClusterManager.Tests.Support;

namespace ClusterManager.Shared.Tests.Wire;

/// <summary>The contract explains itself: a comment on everything but what proto/README.md explains once for all messages.</summary>
public sealed partial class ProtoCommentTests
{
    [Fact]
    public void Everything_is_commented()
    {
        var known = NamesOfReadme();
        Assert.True(known.Count > 30, "the table of proto/README.md was not found");
        Assert.Equal([], Protos().SelectMany(file => Uncommented(file, known)));
    }

    [Fact]
    public void The_table_of_names_holds_no_name_that_is_gone()
    {
        var used = Protos().SelectMany(file => File.ReadLines(SourceTree.PathOf(file)))
            .Select(line => Field().Match(line).Groups["name"].Value)
            .ToHashSet(StringComparer.Ordinal);
        Assert.Equal([], NamesOfReadme().Where(name => !used.Contains(name)));
    }

    private static IEnumerable<string> Protos() => SourceTree.Files()
        .Where(file => file.StartsWith("proto/", StringComparison.Ordinal) && file.EndsWith(".proto", StringComparison.Ordinal));

    private static HashSet<string> NamesOfReadme() => File.ReadLines(SourceTree.PathOf("proto/README.md"))
        .SkipWhile(line => !line.StartsWith("## Names", StringComparison.Ordinal))
        .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
        .SelectMany(line => Quoted().Matches(line.Split('|')[1]).Select(match => match.Groups[1].Value)).ToHashSet(StringComparer.Ordinal);

    private static IEnumerable<string> Uncommented(string file, HashSet<string> known)
    {
        var before = "";
        foreach (var (number, line) in File.ReadLines(SourceTree.PathOf(file)).Index())
        {
            var text = line.Trim();
            var commented = before.StartsWith("//", StringComparison.Ordinal) || text.Contains("//", StringComparison.Ordinal);
            if (!commented && NeedsComment(text, known)) yield return $"{file}:{number + 1}: {text}";
            before = text;
        }
    }

    private static bool NeedsComment(string text, HashSet<string> known)
    {
        if (Block().IsMatch(text)) return true;
        var field = Field().Match(text);
        if (field.Success) return !known.Contains(field.Groups["name"].Value);
        var value = Value().Match(text);
        return value.Success && !value.Groups["name"].Value.EndsWith("_UNSPECIFIED", StringComparison.Ordinal);
    }

    [GeneratedRegex("^(message|enum|service|rpc) ")]
    private static partial Regex Block();

    [GeneratedRegex(@"^\s*(optional |repeated )?(map<[^>]+>|[\w.]+) (?<name>[a-z]\w*) = \d+;")]
    private static partial Regex Field();

    [GeneratedRegex(@"^(?<name>[A-Z][A-Z0-9_]*) = \d+;")]
    private static partial Regex Value();

    [GeneratedRegex("`([a-z_]+)`")]
    private static partial Regex Quoted();
}
