// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Simulation.Agents;
using ClusterManager.Simulation.Core;

namespace ClusterManager.Simulation.Workload;

/// <summary>What befalls our own programs. Each fault says whether it happened.</summary>
internal sealed class ProcessFaults(SimulatedCluster cluster, SeededStream chance, Action<TimeSpan, Action> later)
{
    private SimulatedHost AnyHost => chance.Pick(cluster.Hosts);

    private SimulatedHost LeaderOrAny =>
        chance.Chance(0.7) && cluster.Leader is { } leader ? leader.Manager.Host : chance.Pick(cluster.ManagerHosts);

    public bool KillManager()
    {
        var host = LeaderOrAny;
        cluster.Trace.Tell(host.Name, "manager killed");
        cluster.KillManager(host);
        later(chance.Between(200, 10_000), () => cluster.StartPrograms(host));
        return true;
    }

    public bool PauseManager()
    {
        var host = LeaderOrAny;
        if (host.Manager is not { } manager) return false;
        var span = chance.Between(300, 8000);
        cluster.Trace.Tell(host.Name, $"manager paused for {span.TotalSeconds:0.0} s");
        manager.Process.Pause();
        later(span, manager.Process.Resume);
        return true;
    }

    public bool KillAgent()
    {
        var host = AnyHost;
        if (host.Agent is null) return false;
        cluster.Trace.Tell(host.Name, "agent killed");
        cluster.KillAgent(host);
        later(chance.Between(100, 30_000), () => cluster.StartPrograms(host));
        return true;
    }

    public bool PauseAgent() => PauseAgent(chance.Between(300, 6000));

    public bool PauseAgentLong() => PauseAgent(chance.Between(6000, 120_000));

    /// <summary>The agent begins with an empty disk: it knows neither what it was to run nor what it has tried.</summary>
    public bool LoseAgentDisk()
    {
        var host = AnyHost;
        // What has no memory believes the oldest state: a fault of its own, not to be mixed with that of an old state.
        if (host.Agent is null || cluster.Judge.IsSetBack) return false;
        cluster.Trace.Tell(host.Name, "the agent's disk is lost");
        cluster.KillAgent(host);
        host.Disk.Wipe();
        cluster.Judge.DiskLost(host);
        later(chance.Between(100, 10_000), () => cluster.StartPrograms(host));
        return true;
    }

    private bool PauseAgent(TimeSpan span)
    {
        var host = AnyHost;
        if (host.Agent is not { } agent) return false;
        cluster.Trace.Tell(host.Name, $"agent paused for {span.TotalSeconds:0.0} s");
        host.TroubleAt = cluster.Timeline.Now + span;
        agent.Process.Pause();
        later(span, agent.Process.Resume);
        return true;
    }
}
