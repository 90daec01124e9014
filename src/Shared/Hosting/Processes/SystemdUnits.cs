// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Files;

namespace ClusterManager.Hosting.Processes;

/// <summary>Our units, as the packages install them.</summary>
internal static class SystemdUnits
{
    /// <summary>Everything of this machine at once.</summary>
    internal const string Target = "cluster.target";

    // Exists only where systemd is the init that runs: sd_booted(3).
    private const string Booted = "/run/systemd/system";
    private static readonly string[] Folders =
        ["/etc/systemd/system", "/usr/local/lib/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"];

    /// <summary>The unit of a role.</summary>
    internal static string Of(string role) => $"cluster-{role}.service";

    /// <summary>systemd runs and has our units, for this data directory.</summary>
    internal static bool AreUsedFor(ClusterPaths paths) => AreUsedFor(paths, Booted, Folders);

    internal static bool AreUsedFor(ClusterPaths paths, string booted, IEnumerable<string> folders)
    {
        if (!Directory.Exists(booted)) return false;
        var unit = folders.Select(folder => Path.Combine(folder, Of("agent"))).FirstOrDefault(File.Exists);
        return unit is not null && File.ReadLines(unit).Any(line =>
            line.StartsWith("ExecStart=", StringComparison.Ordinal)
            && line.Split(' ') is [_, "--data-dir", var directory] && directory == paths.Root);
    }
}
