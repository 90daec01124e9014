// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Telemetry;

/// <summary>What this process costs its machine. Linux only.</summary>
public static class ProcessFigures
{
    private const string Threads = "/proc/self/task";

    /// <summary>CPU time used since the process began, of all its threads.</summary>
    public static double CpuSeconds => Environment.CpuUsage.TotalTime.TotalSeconds;

    /// <summary>Memory that is in RAM now, in bytes.</summary>
    public static long ResidentBytes => Environment.WorkingSet;

    /// <summary>Threads that exist now; 0 where the kernel does not say.</summary>
    public static int ThreadCount => Directory.Exists(Threads) ? Directory.EnumerateDirectories(Threads).Count() : 0;
}
