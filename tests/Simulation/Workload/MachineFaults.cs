// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Simulation.Agents;
using ClusterManager.Simulation.Core;

namespace ClusterManager.Simulation.Workload;

/// <summary>What befalls machines, their engines, containers and clocks. Each fault says whether it happened.</summary>
internal sealed class MachineFaults(SimulatedCluster cluster, SeededStream chance, Action<TimeSpan, Action> later)
{
    private SimulatedHost AnyHost => chance.Pick(cluster.Hosts);

    public bool RestartEngine()
    {
        var host = AnyHost;
        if (!host.Engine.IsUp || !host.IsPowered) return false;
        cluster.Trace.Tell(host.Name, $"engine ends{(host.Engine.HasLiveRestore ? ", containers live on" : "")}");
        EndEngine(host, chance.Chance(0.8) ? chance.Between(500, 8000) : chance.Between(8000, 60_000));
        return true;
    }

    /// <summary>A package upgrade ends the engine for longer; with it every container, unless they live on.</summary>
    public bool UpgradeEngine()
    {
        var host = AnyHost;
        if (!host.Engine.IsUp || !host.IsPowered) return false;
        cluster.Trace.Tell(host.Name, "engine is upgraded");
        host.Engine.Upgrades++;
        EndEngine(host, chance.Between(5000, 40_000));
        return true;
    }

    public bool HangEngine()
    {
        var host = AnyHost;
        cluster.Trace.Tell(host.Name, "engine hangs");
        host.Engine.IsHung = true;
        later(chance.Between(1000, 40_000), () => host.Engine.IsHung = false);
        return true;
    }

    public bool CutPower()
    {
        var host = AnyHost;
        if (!host.IsPowered) return false;
        cluster.PowerOff(host);
        later(chance.Between(2000, 120_000), () => cluster.PowerOn(host));
        return true;
    }

    public bool CutAllPower()
    {
        cluster.Trace.Tell("faults", "power cut of everything");
        foreach (var host in cluster.Hosts)
        {
            cluster.PowerOff(host);
            later(chance.Between(1000, 30_000), () => cluster.PowerOn(host));
        }

        return true;
    }

    /// <summary>The machines of the quorum come up last: until then only the agents' disks know what is to run.</summary>
    public bool CutAllPowerLong()
    {
        cluster.Trace.Tell("faults", "power cut of everything, the quorum comes late");
        foreach (var host in cluster.Hosts)
        {
            cluster.PowerOff(host);
            later(cluster.ManagerHosts.Contains(host) ? chance.Between(60_000, 120_000) : chance.Between(1000, 10_000),
                () => cluster.PowerOn(host));
        }

        return true;
    }

    public bool RemoveByHand() => AnyHost.Engine.RemoveByHand(chance.Below(1000));

    public bool KillByHand() => AnyHost.Engine.KillByHand(chance.Below(1000));

    public bool JumpClock()
    {
        var host = AnyHost;
        var most = chance.Pick([1000, 90_000, 300_000]);
        host.Skew = chance.Between(-most, most);
        cluster.Trace.Tell(host.Name, $"the wall clock is {host.Skew.TotalSeconds:0.0} s off");
        return true;
    }

    private void EndEngine(SimulatedHost host, TimeSpan span)
    {
        host.Engine.Down(isPowerCut: false);
        later(span, () =>
        {
            if (!host.IsPowered || host.Engine.IsUp) return;
            cluster.Trace.Tell(host.Name, "engine begins");
            host.Engine.Up();
        });
    }
}
