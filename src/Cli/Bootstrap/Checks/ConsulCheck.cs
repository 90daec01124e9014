// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.Diagnostics;
using ClusterManager.Consul.Provisioning;

namespace ClusterManager.Cli.Bootstrap.Checks;

/// <summary>Consul's program on this machine.</summary>
/// <param name="Path">Where it lies; null when it cannot be used.</param>
/// <param name="Version">Its version.</param>
/// <param name="Problem">Why it cannot be used; null when it can.</param>
internal sealed record ConsulCheck(string? Path, ConsulVersion Version, Finding? Problem)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>Looks for the program that is named, else CONSUL_BIN, else PATH.</summary>
    public static async Task<ConsulCheck> RunAsync(string? given, CancellationToken cancellationToken)
    {
        var fromEnvironment = Environment.GetEnvironmentVariable("CONSUL_BIN");
        var binary = given ?? (string.IsNullOrEmpty(fromEnvironment) ? "consul" : fromEnvironment);
        try
        {
            var start = new ProcessStartInfo(binary, ["version"])
            {
                RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
            };
            using var process = Process.Start(start)!;
            var output = await process.StandardOutput.ReadToEndAsync(cancellationToken).WaitAsync(Limit, cancellationToken);
            return new ConsulCheck(FullPath(binary), ConsulVersion.ParseSupported(output), null);
        }
        catch (Win32Exception)
        {
            return Not($"Consul was not found as '{binary}'", "install it (1.8 or later) or name it with --consul-bin PATH");
        }
        catch (Exception error) when (error is UnsupportedConsulException or TimeoutException)
        {
            return Not(error.Message, null);
        }
    }

    private static ConsulCheck Not(string problem, string? remedy) => new(null, default, new Finding("consul", problem, remedy));

    // Whoever keeps it running starts it without this shell's PATH.
    private static string FullPath(string binary)
    {
        if (binary.Contains('/', StringComparison.Ordinal)) return System.IO.Path.GetFullPath(binary);
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        return folders.Select(folder => System.IO.Path.Combine(folder, binary)).FirstOrDefault(File.Exists) ?? binary;
    }
}
