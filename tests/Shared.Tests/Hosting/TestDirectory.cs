// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Files;

namespace ClusterManager.Shared.Tests.Hosting;

/// <summary>A directory of its own for one test, removed at its end.</summary>
internal sealed class TestDirectory : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("cm-hosting-");

    internal string Path => _directory.FullName;

    internal ClusterPaths Paths => new(Path);

    internal string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => _directory.Delete(recursive: true);
}
