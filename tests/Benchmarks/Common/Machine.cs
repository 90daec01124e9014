// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace ClusterManager.Benchmarks.Common;

/// <summary>On what was measured, and when.</summary>
internal static class Machine
{
    /// <summary>One line: date, processor, memory, kernel, load.</summary>
    public static string Describe()
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30;
        var load = First("/proc/loadavg", "")?.Split(' ')[0] ?? "?";
        var date = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        return $"{date} UTC, {Environment.ProcessorCount} × {Processor()}, {memory} GB, Linux {Environment.OSVersion.Version}, "
            + $"load at the end {load}";
    }

    private static string Processor() => First("/proc/cpuinfo", "model name")?.Split(':')[^1].Trim() ?? "unknown CPU";

    private static string? First(string file, string start) =>
        File.Exists(file) ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith(start, StringComparison.Ordinal)) : null;
}
