// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Scheduling;

/// <summary>A node as placement sees it.</summary>
internal sealed record NodeCandidate(NodeRecord Record, NodeState State, NodeUsage Usage)
{
    public long FreeCpuNano => (Record.Facts?.CpuNano ?? 0) - Usage.CpuNano;

    public long FreeMemoryBytes => (Record.Facts?.MemoryBytes ?? 0) - Usage.MemoryBytes;

    /// <summary>The larger of the reserved shares of CPU and memory, 0 to 1 and more.</summary>
    public double ReservedShare => Record.Facts is not { } facts ? 0
        : Math.Max(Share(Usage.CpuNano, facts.CpuNano), Share(Usage.MemoryBytes, facts.MemoryBytes));

    private static double Share(long used, long all) => all <= 0 ? 0 : (double)used / all;
}
