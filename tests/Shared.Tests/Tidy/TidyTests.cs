// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;

namespace ClusterManager.Shared.Tests.Tidy;

/// <summary>What the compiler does not check of how the sources look. Each test lists all that is wrong.</summary>
public sealed partial class TidyTests
{
    private const int FileLinesMax = 400;
    private const int MethodLinesMax = 70;
    private const int LineLengthMax = 140;
    private static readonly string[] BannedSuffixes = ["Utils", "Util", "Helper", "Helpers", "Misc"];

    // Would hide the base library's.
    private static readonly string[] BannedNames = ["Task", "TaskStatus", "TaskScheduler"];

    // Written in two parts, so that this file holds none of them.
    private static readonly string[] MachinePaths = ["/work" + "/", "/tmp/" + "bash_jobs"];

    [Fact]
    public void The_sources_were_found() => Assert.True(SourceFile.Ending(".cs").Count() > 300);

    [Fact]
    public void Files_are_short() => Empty(
        SourceFile.Ending(".cs").Where(file => file.Lines.Count > FileLinesMax).Select(file => $"{file.Path}: {file.Lines.Count} lines"));

    [Fact]
    public void Methods_are_short() => Empty(
        from file in SourceFile.Ending(".cs")
        from method in MethodLengths.Of(file.Lines)
        where method.Length > MethodLinesMax
        select file.At(method.Line, $"{method.Length} lines"));

    [Fact]
    public void Lines_are_short() => Empty(
        from file in Code()
        from line in file.Lines.Index()
        where line.Item.Length > LineLengthMax && !line.Item.Contains("[LoggerMessage(", StringComparison.Ordinal)
        select file.At(line.Index, $"{line.Item.Length} characters"));

    [Fact]
    public void No_line_ends_with_a_blank() => Empty(
        from file in SourceFile.All
        from line in file.Lines.Index()
        where line.Item.EndsWith(' ') || line.Item.EndsWith('\t')
        select file.At(line.Index, "ends with a blank"));

    [Fact]
    public void Every_file_names_its_licence() => Empty(
        from file in Code().Where(file => !file.Path.EndsWith(".proto", StringComparison.Ordinal))
        where !file.Lines.Take(2).Any(line => line.Contains("SPDX-License-Identifier: Apache-2.0", StringComparison.Ordinal))
        select file.Path);

    [Fact]
    public void Names_of_types_say_something() => Empty(
        from file in SourceFile.Ending(".cs")
        from line in file.Lines.Index()
        let name = TypeName().Match(line.Item).Groups["name"].Value
        where BannedSuffixes.Any(suffix => name.EndsWith(suffix, StringComparison.Ordinal)) || BannedNames.Contains(name)
            || (name.EndsWith("Manager", StringComparison.Ordinal) && name is not ("Manager" or "OneManager"))
        select file.At(line.Index, name));

    [Fact]
    public void What_is_left_to_do_has_an_issue() => Empty(
        from file in SourceFile.All
        from line in file.Lines.Index()
        where Unnumbered().IsMatch(line.Item)
        select file.At(line.Index, line.Item.Trim()));

    [Fact]
    public void Every_source_is_in_a_project()
    {
        var folders = SourceFile.Ending(".csproj").Select(file => Path.GetDirectoryName(file.Path)! + "/").Append("tests/Support/")
            .ToList();
        Empty(SourceFile.Ending(".cs").Where(file => !folders.Any(folder => file.Path.StartsWith(folder, StringComparison.Ordinal)))
            .Select(file => file.Path));
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = string.Join('\n', SourceFile.Ending("ClusterManager.sln").Single().Lines).Replace('\\', '/');
        Empty(SourceFile.Ending(".csproj").Where(file => !solution.Contains(file.Path, StringComparison.Ordinal))
            .Select(file => file.Path));
    }

    [Fact]
    public void No_registry_and_no_mirror_is_named() => Empty(Lines(ConfiguredMirrors.Hosts));

    [Fact]
    public void No_path_of_one_machine_is_named() => Empty(Lines(MachinePaths));

    [Fact]
    public void Every_page_has_a_title() => Empty(
        SourceFile.Ending(".md").Where(file => file.Lines is not [['#', ' ', ..], ..]).Select(file => file.Path));

    [Fact]
    public void Every_script_stops_at_an_error() => Empty(
        from file in SourceFile.Ending(".sh")
        // What is sourced takes over the caller's settings.
        where !file.Path.StartsWith("scripts/lib/", StringComparison.Ordinal) && file.Lines is [['#', '!', ..], ..]
        where !file.Lines.Any(line => line.StartsWith("set -", StringComparison.Ordinal))
        select file.Path);

    private static IEnumerable<SourceFile> Code() =>
        SourceFile.All.Where(file => Path.GetExtension(file.Path) is ".cs" or ".sh" or ".proto" or ".c" or ".h");

    private static IEnumerable<string> Lines(string[] words) =>
        from file in SourceFile.All
        from line in file.Lines.Index()
        where words.Any(word => line.Item.Contains(word, StringComparison.Ordinal))
        select file.At(line.Index, line.Item.Trim());

    private static void Empty(IEnumerable<string> wrong)
    {
        var list = wrong.ToList();
        Assert.True(list.Count == 0, $"{list.Count}:\n{string.Join('\n', list)}");
    }

    [GeneratedRegex(@"^\s*(?:[a-z]+ )*(?:class|record|struct|interface|enum) (?<name>[A-Z]\w*)")]
    private static partial Regex TypeName();

    [GeneratedRegex(@"\b(TO" + @"DO|FIX" + @"ME|XX" + @"X)\b(?! ?\(?#\d)")]
    private static partial Regex Unnumbered();
}
