// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Simulation.Core;

namespace ClusterManager.Simulation.Workload;

/// <summary>What befalls a host's disk: full for a while, or a file damaged and then read. Each says whether it happened.</summary>
internal sealed class DiskFaults(SimulatedCluster cluster, SeededStream chance, Action<TimeSpan, Action> later)
{
    /// <summary>Nothing can be written.</summary>
    public bool Fill()
    {
        var host = chance.Pick(cluster.Hosts);
        // A book that is older than the agent's believes an older state: not to be mixed with the fault of an old state.
        if (host.Disk.IsFull || cluster.Judge.IsSetBack) return false;
        cluster.Trace.Tell(host.Name, "the disk is full");
        host.TroubleAt = cluster.Timeline.Now;
        host.Disk.IsFull = true;
        later(chance.Between(1000, 60_000), () => host.Disk.IsFull = false);
        return true;
    }

    /// <summary>A bit turns, and the agent begins anew and reads it.</summary>
    public bool Damage()
    {
        var host = chance.Pick(cluster.Hosts);
        if (host.Agent is null || cluster.Judge.IsSetBack || host.Disk.Damage() is not { } file) return false;
        cluster.Trace.Tell(host.Name, $"{file} is damaged, and the agent is killed");
        cluster.KillAgent(host);
        cluster.Judge.DiskLost(host);
        later(chance.Between(100, 10_000), () => cluster.StartPrograms(host));
        return true;
    }

    /// <summary>All disks are well.</summary>
    public void PutRight()
    {
        foreach (var host in cluster.Hosts) host.Disk.IsFull = false;
    }
}
