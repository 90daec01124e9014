// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Lab.Tests.Harness;

/// <summary>The repository, and the cluster's programs built from it.</summary>
public static class Programs
{
    private static readonly SemaphoreSlim Gate = new(1, 1);
    private static string? s_directory;

    /// <summary>The folder of ClusterManager.sln.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>Where logs of failed runs are kept.</summary>
    public static string Results => Path.Combine(Repository, "TestResults");

    /// <summary>
    /// The folder of the programs; built first when a source is newer. CLUSTER_TEST_BIN names another folder, taken as it is.
    /// </summary>
    public static async Task<string> DirectoryAsync()
    {
        await Gate.WaitAsync();
        try
        {
            var given = Environment.GetEnvironmentVariable("CLUSTER_TEST_BIN");
            return s_directory ??= string.IsNullOrEmpty(given) ? await BuildAsync() : given;
        }
        finally
        {
            Gate.Release();
        }
    }

    private static async Task<string> BuildAsync()
    {
        var target = Path.Combine(Repository, "out", "bin");
        var program = new FileInfo(Path.Combine(target, "cluster"));
        if (program.Exists && program.LastWriteTimeUtc > NewestSource()) return target;
        await using var build = RunningCommand.Start(
            Path.Combine(Repository, "scripts", "build.sh"), [], new Dictionary<string, string>(), Repository);
        (await build.EndAsync(TimeSpan.FromMinutes(8))).Expect(0);
        return target;
    }

    private static DateTime NewestSource()
    {
        var separator = Path.DirectorySeparatorChar;
        return new[] { "src", "proto" }
            .SelectMany(folder => new DirectoryInfo(Path.Combine(Repository, folder)).EnumerateFiles("*", SearchOption.AllDirectories))
            .Where(file => !file.FullName.Contains($"{separator}obj{separator}") && !file.FullName.Contains($"{separator}bin{separator}"))
            .Concat(new DirectoryInfo(Repository).EnumerateFiles("Directory.*"))
            .Max(file => file.LastWriteTimeUtc);
    }

    private static string FindRepository()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "ClusterManager.sln"))) directory = directory.Parent;
        return directory?.FullName ?? throw new DirectoryNotFoundException($"no ClusterManager.sln above {AppContext.BaseDirectory}");
    }
}
