// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Simulation.Agents;
using ClusterManager.Simulation.Core;

namespace ClusterManager.Simulation.Workload;

/// <summary>Makes things go wrong, each for a while, until it is told to stop.</summary>
internal sealed class FaultInjector
{
    private readonly SimulatedCluster _cluster;
    private readonly SeededStream _chance;
    private readonly List<(int Weight, Action Fault)> _faults;
    private bool _isOver;

    public FaultInjector(SimulatedCluster cluster)
    {
        _cluster = cluster;
        _chance = new SeededStream(cluster.Seed, "faults");
        _faults =
        [
            (6, KillManager), (6, PauseManager), (6, KillAgent), (6, PauseAgent), (5, RestartEngine), (3, HangEngine), (5, CutPower), (1,
                CutAllPower),
            (7, Partition), (4, cluster.Consul.ChangeLeader), (4, RemoveByHand), (4, KillByHand), (3, JumpClock),
        ];
        Schedule();
    }

    /// <summary>No more faults; everything is put right.</summary>
    public void Heal()
    {
        _isOver = true;
        _cluster.Heal();
        _cluster.Network.JoinAll();
        foreach (var host in _cluster.Hosts)
        {
            host.Skew = TimeSpan.Zero;
            host.Engine.IsHung = false;
            host.Agent?.Process.Resume();
            host.Manager?.Process.Resume();
            PowerOn(host);
            if (!host.Engine.IsUp) host.Engine.Up();
            _cluster.StartPrograms(host);
        }

        _cluster.Trace.Tell("faults", "all faults end");
    }

    private SimulatedHost AnyHost => _chance.Pick(_cluster.Hosts);

    private SimulatedHost LeaderOrAny =>
        _chance.Chance(0.7) && _cluster.Leader is { } leader ? leader.Manager.Host : _chance.Pick(_cluster.ManagerHosts);

    private void Schedule() => _cluster.Timeline.After(_chance.Exponential(_cluster.Mix.FaultMean), () =>
    {
        if (_isOver) return;
        var draw = _chance.Below(_faults.Sum(fault => fault.Weight));
        foreach (var (weight, fault) in _faults)
        {
            draw -= weight;
            if (draw >= 0) continue;
            fault();
            break;
        }

        Schedule();
    });

    private void Later(TimeSpan after, Action repair) => _cluster.Timeline.After(after, () =>
    {
        if (!_isOver) repair();
    });

    private void KillManager()
    {
        var host = LeaderOrAny;
        _cluster.Trace.Tell(host.Name, "manager killed");
        _cluster.KillManager(host);
        Later(_chance.Between(200, 10_000), () => _cluster.StartPrograms(host));
    }

    private void PauseManager()
    {
        var host = LeaderOrAny;
        if (host.Manager is not { } manager) return;
        var span = _chance.Between(300, 8000);
        _cluster.Trace.Tell(host.Name, $"manager paused for {span.TotalSeconds:0.0} s");
        manager.Process.Pause();
        Later(span, manager.Process.Resume);
    }

    private void KillAgent()
    {
        var host = AnyHost;
        _cluster.Trace.Tell(host.Name, "agent killed");
        _cluster.KillAgent(host);
        Later(_chance.Between(100, 30_000), () => _cluster.StartPrograms(host));
    }

    private void PauseAgent()
    {
        var host = AnyHost;
        if (host.Agent is not { } agent) return;
        var span = _chance.Chance(0.8) ? _chance.Between(300, 6000) : _chance.Between(6000, 100_000);
        _cluster.Trace.Tell(host.Name, $"agent paused for {span.TotalSeconds:0.0} s");
        host.TroubleAt = _cluster.Timeline.Now + span;
        agent.Process.Pause();
        Later(span, agent.Process.Resume);
    }

    private void RestartEngine()
    {
        var host = AnyHost;
        if (!host.Engine.IsUp || !host.IsPowered) return;
        _cluster.Trace.Tell(host.Name, $"engine ends{(host.Engine.HasLiveRestore ? ", containers live on" : "")}");
        host.Engine.Down(isPowerCut: false);
        Later(_chance.Chance(0.8) ? _chance.Between(500, 8000) : _chance.Between(8000, 60_000), () =>
        {
            if (!host.IsPowered || host.Engine.IsUp) return;
            _cluster.Trace.Tell(host.Name, "engine begins");
            host.Engine.Up();
        });
    }

    private void HangEngine()
    {
        var host = AnyHost;
        _cluster.Trace.Tell(host.Name, "engine hangs");
        host.Engine.IsHung = true;
        Later(_chance.Between(1000, 40_000), () => host.Engine.IsHung = false);
    }

    private void CutPower()
    {
        var host = AnyHost;
        PowerOff(host);
        Later(_chance.Between(2000, 120_000), () => PowerOn(host));
    }

    private void CutAllPower()
    {
        _cluster.Trace.Tell("faults", "power cut of everything");
        foreach (var host in _cluster.Hosts)
        {
            PowerOff(host);
            Later(_chance.Between(1000, 30_000), () => PowerOn(host));
        }
    }

    private void PowerOff(SimulatedHost host)
    {
        if (!host.IsPowered) return;
        _cluster.Trace.Tell(host.Name, "power off");
        host.TroubleAt = _cluster.Timeline.Now;
        _cluster.KillAgent(host, isPowerCut: true);
        _cluster.KillManager(host, isPowerCut: true);
        host.IsPowered = false;
        host.Engine.IsHung = false;
        host.Engine.Down(isPowerCut: true);
        host.Services.AfterPowerCut();
    }

    private void PowerOn(SimulatedHost host)
    {
        if (host.IsPowered) return;
        _cluster.Trace.Tell(host.Name, "power on");
        host.TroubleAt = _cluster.Timeline.Now;
        host.IsPowered = true;
        host.Engine.Up();
        _cluster.StartPrograms(host);
    }

    private void Partition()
    {
        var kind = _chance.Below(3);
        var group = kind == 2 ? _cluster.Hosts.Where(_ => _chance.Chance(0.5)).ToList() : [AnyHost];
        var isOneWay = kind == 1;
        var span = _chance.Between(1000, 60_000);
        _cluster.Trace.Tell("network",
            $"{string.Join(",", group.Select(host => host.Name))} cut off{(isOneWay ? " one way" : "")} for {span.TotalSeconds:0.0} s");
        var pairs = group.SelectMany(inside => _cluster.Hosts.Except(group).Select(outside => (Inside: inside.Name,
            Outside: outside.Name))).ToList();
        foreach (var host in group.Concat(kind == 2 ? _cluster.Hosts : [])) host.TroubleAt = _cluster.Timeline.Now + span;
        foreach (var (inside, outside) in pairs)
        {
            _cluster.Network.Cut(inside, outside);
            if (!isOneWay) _cluster.Network.Cut(outside, inside);
        }

        Later(span, () =>
        {
            foreach (var (inside, outside) in pairs)
            {
                _cluster.Network.Join(inside, outside);
                if (!isOneWay) _cluster.Network.Join(outside, inside);
            }

            _cluster.Trace.Tell("network", "joined again");
        });
    }

    private void RemoveByHand() => AnyHost.Engine.RemoveByHand(_chance.Below(1000));

    private void KillByHand() => AnyHost.Engine.KillByHand(_chance.Below(1000));

    private void JumpClock()
    {
        var host = AnyHost;
        host.Skew = _chance.Chance(0.5) ? _chance.Between(-90_000, 90_000) : _chance.Between(-1000, 1000);
        _cluster.Trace.Tell(host.Name, $"the wall clock is {host.Skew.TotalSeconds:0.0} s off");
    }
}
