// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Tests.Support;

namespace ClusterManager.Shared.Tests.Tidy;

/// <summary>One file of the sources with its lines.</summary>
internal sealed record SourceFile(string Path, IReadOnlyList<string> Lines)
{
    private static readonly Lazy<IReadOnlyList<SourceFile>> Read = new(() =>
        [.. SourceTree.Files().Where(IsText).Select(path => new SourceFile(path, File.ReadAllLines(SourceTree.PathOf(path))))]);

    /// <summary>All text files that the project keeps, read once.</summary>
    public static IReadOnlyList<SourceFile> All => Read.Value;

    /// <summary>Those with this ending.</summary>
    public static IEnumerable<SourceFile> Ending(string ending) => All.Where(file => file.Path.EndsWith(ending, StringComparison.Ordinal));

    /// <summary>A line as an editor jumps to it.</summary>
    public string At(int index, string what) => $"{Path}:{index + 1}: {what}";

    private static bool IsText(string path) => System.IO.Path.GetExtension(path) is
        ".cs" or ".csproj" or ".props" or ".targets" or ".sln" or ".md" or ".proto" or ".sh" or ".txt" or ".json" or ".yml" or ".yaml"
            or ".c" or ".h" or ".js" or ".py";
}
