// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Diagnostics;
using ClusterManager.Consul.Provisioning;

namespace ClusterManager.Shared.Tests.Consul;

/// <summary>The Consul that tests run against.</summary>
internal static class ConsulBinary
{
    private static readonly ConcurrentDictionary<string, ConsulVersion> Versions = new();

    /// <summary>CLUSTER_TEST_CONSUL, else what scripts/lib/consul.sh installs, else PATH.</summary>
    public static string Find()
    {
        var tools = Environment.GetEnvironmentVariable("CLUSTER_TOOLS") ?? "/var/cache/cluster-manager";
        var paths = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        string?[] candidates =
        [
            Environment.GetEnvironmentVariable("CLUSTER_TEST_CONSUL"),
            Environment.GetEnvironmentVariable("CONSUL_BIN"),
            Path.Combine(tools, "consul", "consul"),
            .. paths.Select(path => Path.Combine(path, "consul")),
        ];
        return candidates.FirstOrDefault(File.Exists) ?? throw new FileNotFoundException(
            "These tests need a real Consul: set CLUSTER_TEST_CONSUL, or run '. scripts/lib/consul.sh; install_consul'");
    }

    public static ConsulVersion Version(string binary) => Versions.GetOrAdd(binary, static path =>
    {
        var start = new ProcessStartInfo(path, ["version"]) { RedirectStandardOutput = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{path} did not start");
        return ConsulVersion.ParseSupported(process.StandardOutput.ReadToEnd());
    });
}
