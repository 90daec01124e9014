// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Tests.Docker;

/// <summary>Where this source tree is.</summary>
internal static class Repository
{
    /// <summary>The directory of the solution.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string directory) => File.Exists(Path.Combine(directory, "ClusterManager.sln"))
        ? directory
        : Find(Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("not inside the source tree"));
}
