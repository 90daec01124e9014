// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Tests.Support;

/// <summary>The checked-out sources that the running tests were built from.</summary>
internal static class SourceTree
{
    private static readonly string[] NotOurs = ["bin", "obj", "out", ".git", "node_modules", "TestResults"];

    /// <summary>The folder with the solution.</summary>
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    /// <summary>A file's path from its path below the root.</summary>
    public static string PathOf(string relative) => Path.Combine(Root, relative);

    /// <summary>All files below the root, by their paths below it with slashes; build output and foreign packages are left out.</summary>
    public static IEnumerable<string> Files() => FilesOf(Root).Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'));

    private static IEnumerable<string> FilesOf(string directory) => Directory.EnumerateDirectories(directory)
        .Where(inner => !NotOurs.Contains(Path.GetFileName(inner)))
        .SelectMany(FilesOf)
        .Concat(Directory.EnumerateFiles(directory));

    private static string FindRoot(string from)
    {
        for (var directory = new DirectoryInfo(from); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "ClusterManager.sln"))) return directory.FullName;
        }

        throw new DirectoryNotFoundException($"No ClusterManager.sln above {from}: these tests read the sources they were built from");
    }
}
