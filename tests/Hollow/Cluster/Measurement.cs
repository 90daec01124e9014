// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Serialization;

namespace ClusterManager.Hollow.Cluster;

/// <summary>What a process holds at one moment, after a forced collection.</summary>
/// <param name="ManagedBytes">Live objects.</param>
/// <param name="ResidentBytes">Memory of the process, as the kernel counts it.</param>
/// <param name="Handles">Open file descriptors.</param>
/// <param name="Threads">Threads.</param>
/// <param name="Sessions">Agents' sessions that the leader has open.</param>
/// <param name="CpuMs">Processor time used so far.</param>
/// <param name="AllocatedBytes">Managed memory allocated so far.</param>
internal sealed record Measurement(
    long ManagedBytes, long ResidentBytes, int Handles, int Threads, int Sessions, long CpuMs, long AllocatedBytes)
{
    /// <summary>Measures this process.</summary>
    public static Measurement Take(int sessions)
    {
        // Twice: the first collection runs finalizers, the second frees what they held.
        for (var i = 0; i < 2; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        var handles = Directory.GetFiles("/proc/self/fd").Length;
        using var self = Process.GetCurrentProcess();
        return new Measurement(
            GC.GetTotalMemory(forceFullCollection: true), FromStatus("VmRSS:") * 1024, handles, (int)FromStatus("Threads:"), sessions,
            (long)self.TotalProcessorTime.TotalMilliseconds, GC.GetTotalAllocatedBytes());
    }

    /// <summary>As a line for people.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"managed {ManagedBytes / 1e6:0.0} MB, resident {ResidentBytes / 1e6:0.0} MB, ")
        + $"{Handles} handles, {Threads} threads, {Sessions} sessions";

    private static long FromStatus(string key)
    {
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(key, StringComparison.Ordinal));
        return long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}

/// <summary>Measurements between processes.</summary>
[JsonSerializable(typeof(Measurement))]
internal sealed partial class MeasurementJson : JsonSerializerContext;
