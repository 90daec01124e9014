// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Simulation.Core;

namespace ClusterManager.Simulation.Workload;

/// <summary>Makes things go wrong, each for a while, until it is told to stop.</summary>
internal sealed class FaultInjector
{
    private readonly SimulatedCluster _cluster;
    private readonly SeededStream _chance;
    private readonly StoreFaults _store;
    private readonly DiskFaults _disks;
    private readonly List<(int Weight, string Kind, Func<bool> Fault)> _faults;
    private bool _isOver;

    public FaultInjector(SimulatedCluster cluster)
    {
        _cluster = cluster;
        _chance = new SeededStream(cluster.Seed, "faults");
        var processes = new ProcessFaults(cluster, _chance, Later);
        var machines = new MachineFaults(cluster, _chance, Later);
        var network = new NetworkFaults(cluster, _chance, Later);
        _store = new StoreFaults(cluster, _chance, Later);
        _disks = new DiskFaults(cluster, _chance, Later);
        _faults =
        [
            (6, "manager killed", processes.KillManager), (6, "manager paused", processes.PauseManager),
            (6, "agent killed", processes.KillAgent), (5, "agent paused", processes.PauseAgent),
            (2, "agent paused beyond its grace", processes.PauseAgentLong), (3, "agent's disk lost", processes.LoseAgentDisk),
            (2, "agent restarted while cut off", network.CutOffFromManagers),
            (4, "engine restarted", machines.RestartEngine), (2, "engine upgraded", machines.UpgradeEngine),
            (3, "engine hung", machines.HangEngine), (5, "power cut", machines.CutPower),
            (1, "power cut of everything", machines.CutAllPower), (1, "power cut, quorum late", machines.CutAllPowerLong),
            (7, "network cut", network.Partition), (3, "burst of packet loss", network.LoseManyPackets),
            (4, "connection forgotten on the way", network.ForgetConnection),
            (4, "Consul's leader changed", _store.ChangeLeader), (2, "Consul set back to an older copy", _store.SetBack),
            (1, "Consul emptied", _store.Empty), (4, "container removed by hand", machines.RemoveByHand),
            (4, "container killed by hand", machines.KillByHand), (3, "clock jumped", machines.JumpClock),
            (4, "forged order", new ForgedOrders(cluster, _chance).Send),
            (3, "disk full", _disks.Fill), (3, "disk damaged", _disks.Damage),
        ];
        Schedule();
    }

    /// <summary>No more faults; everything is put right.</summary>
    public void Heal()
    {
        _isOver = true;
        _cluster.Heal();
        _cluster.Network.JoinAll();
        _store.PutRight();
        _disks.PutRight();
        foreach (var host in _cluster.Hosts)
        {
            host.Skew = TimeSpan.Zero;
            host.Engine.IsHung = false;
            host.Agent?.Process.Resume();
            host.Manager?.Process.Resume();
            _cluster.PowerOn(host);
            if (!host.Engine.IsUp) host.Engine.Up();
            _cluster.StartPrograms(host);
        }

        _cluster.Trace.Tell("faults", "all faults end");
    }

    private void Schedule() => _cluster.Timeline.After(_chance.Exponential(_cluster.Mix.FaultMean), () =>
    {
        if (_isOver) return;
        var draw = _chance.Below(_faults.Sum(fault => fault.Weight));
        foreach (var (weight, kind, fault) in _faults)
        {
            draw -= weight;
            if (draw >= 0) continue;
            _cluster.Faults.CountIf(kind, fault());
            break;
        }

        Schedule();
    });

    private void Later(TimeSpan after, Action repair) => _cluster.Timeline.After(after, () =>
    {
        if (!_isOver) repair();
    });
}
