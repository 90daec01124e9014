// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Hosting.Files;
using ClusterManager.Hosting.Processes;

namespace ClusterManager.Cli.Bootstrap;

/// <summary>The processes of this machine as the supervisor runs them.</summary>
internal static class HostRoles
{
    /// <summary>Where containers' names are answered: an address of the machine's own that survives every restart.</summary>
    public const string ResolverAddress = "169.254.20.10";

    // The smallest budget that the collector gives to new objects, 2 MB in hexadecimal: by default it is as large as the processor's
    // cache, tens of megabytes that a quiet agent fills for nothing. Also in its unit. A manager has better use for them.
    private static ImmutableSortedDictionary<string, string> SettingsOf(string role) => role == "agent"
        ? Model.Maps.Of([new KeyValuePair<string, string>("DOTNET_GCgen0size", "200000")]) : Model.Maps.Empty;

    /// <summary>Consul first, then the manager (on managers), then the agent.</summary>
    public static HostFile All(ClusterPaths paths, string consulBinary, bool isManager)
    {
        var roles = ImmutableArray.CreateBuilder<HostRole>();
        roles.Add(Consul(paths, consulBinary));
        if (isManager) roles.Add(Own("manager", "cluster-manager", paths));
        roles.Add(Own("agent", "cluster-agent", paths));
        return new HostFile { Roles = roles.ToImmutable() };
    }

    /// <summary>Consul alone, while the rest is being prepared.</summary>
    public static HostFile ConsulOnly(ClusterPaths paths, string consulBinary) => new() { Roles = [Consul(paths, consulBinary)] };

    /// <summary>Who keeps this machine's processes running.</summary>
    public static IHostKeeper Keeper(ClusterPaths paths, TimeProvider time) =>
        HostKeepers.Of(paths, [Program("cluster"), "host", "run", "--data-dir", paths.Root], time);

    /// <summary>Starts what the host file lists, where it does not run.</summary>
    /// <exception cref="BootstrapException">It did not start in time.</exception>
    public static async Task StartAsync(ClusterPaths paths, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        var keeper = Keeper(paths, time);
        if (await keeper.StartAllAsync(limit, cancellationToken)) return;
        var where = keeper.Own is null ? "journalctl -u 'cluster-*'" : Path.Combine(paths.LogDirectory, "supervisor.out");
        throw new BootstrapException(BootstrapException.Failed, $"{keeper.Name} did not start this machine's processes: see {where}");
    }

    private static HostRole Consul(ClusterPaths paths, string binary) => new()
    {
        Name = "consul",
        Command = [binary, "agent", "-config-file", ConsulFiles.Configuration(paths)],
        Before = [["ip", "addr", "replace", $"{ResolverAddress}/32", "dev", "lo"]],
    };

    private static HostRole Own(string role, string program, ClusterPaths paths) => new()
    {
        Name = role, Command = [Program(program), "--data-dir", paths.Root], Environment = SettingsOf(role),
    };

    /// <summary>The file with manager and agent started from where this program lies.</summary>
    public static HostFile WithOwnPrograms(HostFile file) => file with
    {
        Roles = [.. file.Roles.Select(role => role.Name is "manager" or "agent"
            ? role with
            {
                Command = role.Command.SetItem(0, Program($"cluster-{role.Name}")),
                Environment = role.Environment.SetItems(SettingsOf(role.Name)),
            } : role)],
    };

    /// <summary>A program of ours that lies beside this one.</summary>
    public static string Program(string name) => Path.Combine(AppContext.BaseDirectory, name);
}
