// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Lab.Tests.Harness;

namespace ClusterManager.Lab.Tests.Upgrades;

/// <summary>A release, made once for all tests of a class.</summary>
public sealed class PackageFixture : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cm-release-");

    /// <summary>Where the packages are.</summary>
    public string Output => _folder.FullName;

    /// <inheritdoc/>
    public async Task InitializeAsync() => await RunAsync(Script("package.sh"), "--bin", await Programs.DirectoryAsync(), Output);

    /// <inheritdoc/>
    public Task DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>The path of a script.</summary>
    public static string Script(string name) => Path.Combine(Programs.Repository, "scripts", name);

    /// <summary>Runs a program that must end well.</summary>
    public static async Task<CommandResult> RunAsync(string program, params string[] arguments) =>
        (await EndAsync(program, arguments)).Expect(0);

    /// <summary>Runs a program to its end.</summary>
    public static async Task<CommandResult> EndAsync(string program, params string[] arguments)
    {
        await using var command = RunningCommand.Start(program, arguments, new Dictionary<string, string>(), Programs.Repository);
        return await command.EndAsync(TimeSpan.FromMinutes(2));
    }
}
