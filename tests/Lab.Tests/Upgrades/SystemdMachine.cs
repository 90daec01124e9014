// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Lab.Tests.Harness;

namespace ClusterManager.Lab.Tests.Upgrades;

/// <summary>
/// A machine with a real systemd and Debian's Docker service (scripts/lab/systemd.sh), with Consul's program and ours at hand.
/// </summary>
public sealed class SystemdMachine : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    /// <summary>The machine's folder on this one; <c>FOLDER-…</c> is free for tests.</summary>
    public string Folder { get; } = $"/var/lib/cluster-systemd-{Environment.GetEnvironmentVariable("CLUSTER_TEST_LABS") ?? "0"}";

    /// <summary>A release of the programs under test.</summary>
    public string Release { get; private set; } = "";

    /// <summary>Consul's program.</summary>
    public static string Consul
    {
        get
        {
            var tools = Environment.GetEnvironmentVariable("CLUSTER_TOOLS") ?? "/var/cache/cluster-manager";
            return Environment.GetEnvironmentVariable("CONSUL_BIN") is { Length: > 0 } given ? given : $"{tools}/consul/consul";
        }
    }

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        Release = await Programs.DirectoryAsync();
        await ScriptAsync("down");
        (await ScriptAsync("up")).Expect(0);
    }

    /// <inheritdoc/>
    public async Task DisposeAsync() => await ScriptAsync("down");

    /// <summary>Runs a command on the machine.</summary>
    public Task<CommandResult> RunAsync(params string[] command) => ScriptAsync("exec", command);

    /// <summary>What <c>systemctl show</c> says of one property.</summary>
    public async Task<string> ShowAsync(string unit, string property) =>
        (await RunAsync("systemctl", "show", "--value", "-p", property, unit)).Expect(0).Output.Trim();

    private async Task<CommandResult> ScriptAsync(string verb, params string[] more)
    {
        await using var command = RunningCommand.Start(
            PackageFixture.Script("lab/systemd.sh"), [verb, Folder, .. more], new Dictionary<string, string>(), "/");
        return await command.EndAsync(Deadline);
    }
}
