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

    /// <summary>How the supervisor itself is started.</summary>
    public static IReadOnlyList<string> Supervisor(ClusterPaths paths) => [Program("cluster"), "host", "run", "--data-dir", paths.Root];

    private static HostRole Consul(ClusterPaths paths, string binary) => new()
    {
        Name = "consul",
        Command = [binary, "agent", "-config-file", ConsulFiles.Configuration(paths)],
        Before = [["ip", "addr", "replace", $"{ResolverAddress}/32", "dev", "lo"]],
    };

    private static HostRole Own(string role, string program, ClusterPaths paths) => new()
    {
        Name = role, Command = [Program(program), "--data-dir", paths.Root],
    };

    private static string Program(string name) => Path.Combine(AppContext.BaseDirectory, name);
}
