// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Simulation.Agents;
using ClusterManager.Simulation.Core;

namespace ClusterManager.Simulation.Workload;

/// <summary>What befalls the network. Each fault says whether it happened.</summary>
internal sealed class NetworkFaults(SimulatedCluster cluster, SeededStream chance, Action<TimeSpan, Action> later)
{
    /// <summary>One host, a group, or one direction of one host is cut off.</summary>
    public bool Partition()
    {
        var kind = chance.Below(3);
        List<SimulatedHost> group = kind == 2 ? [.. cluster.Hosts.Where(_ => chance.Chance(0.5))] : [chance.Pick(cluster.Hosts)];
        Cut(group, [.. cluster.Hosts.Except(group)], isOneWay: kind == 1, chance.Between(1000, 60_000));
        foreach (var host in kind == 2 ? cluster.Hosts : []) host.TroubleAt = cluster.Timeline.Now + TimeSpan.FromSeconds(60);
        return group.Count > 0;
    }

    /// <summary>A host that runs no manager reaches none of them for minutes: its agent has only its disk.</summary>
    public bool CutOffFromManagers()
    {
        var far = cluster.Hosts.Except(cluster.ManagerHosts).Where(host => host.IsMember).ToList();
        if (far.Count == 0) return false;
        var host = chance.Pick(far);
        cluster.KillAgent(host);
        Cut([host], cluster.ManagerHosts, isOneWay: false, chance.Between(60_000, 150_000));
        later(chance.Between(100, 5000), () => cluster.StartPrograms(host));
        return true;
    }

    /// <summary>For some seconds every third message is sent again.</summary>
    public bool LoseManyPackets()
    {
        var before = cluster.Mix.Loss;
        var span = chance.Between(2000, 20_000);
        cluster.Trace.Tell("network", $"loses a third of its packets for {span.TotalSeconds:0.0} s");
        cluster.SetLoss(0.33);
        later(span, () => cluster.SetLoss(Math.Min(before, 0.05)));
        return true;
    }

    /// <summary>
    /// An agent's connection is forgotten on the way, as a firewall's table does: first nothing comes down it any more, soon nothing goes
    /// up, and its end is told to nobody. The agent is back on a new one before its leader misses it on the old one.
    /// </summary>
    public bool ForgetConnection()
    {
        // One that does not know yet that its session is over has none to lose.
        var agents = cluster.Hosts.Select(host => host.Agent).OfType<SimulatedAgent>()
            .Where(agent => agent.HasSession && cluster.Streams.Any(one => one.Agent == agent)).ToList();
        if (agents.Count == 0) return false;
        var agent = chance.Pick(agents);
        var (stream, _, manager) = cluster.Streams.Last(one => one.Agent == agent);
        cluster.Trace.Tell("network", $"the connection of {agent.Host.Name} to {manager.Host.Name} is forgotten");
        stream.ForgetDown();
        later(chance.Between(0, 1900), stream.ForgetUp);
        return true;
    }

    private void Cut(IReadOnlyList<SimulatedHost> group, IReadOnlyList<SimulatedHost> others, bool isOneWay, TimeSpan span)
    {
        cluster.Trace.Tell("network",
            $"{string.Join(",", group.Select(host => host.Name))} cut off{(isOneWay ? " one way" : "")} for {span.TotalSeconds:0.0} s");
        foreach (var host in group) host.TroubleAt = cluster.Timeline.Now + span;
        var pairs = group.SelectMany(inside => others.Where(other => other != inside)
            .Select(outside => (Inside: inside.Name, Outside: outside.Name))).ToList();
        foreach (var (inside, outside) in pairs)
        {
            cluster.Network.Cut(inside, outside);
            if (!isOneWay) cluster.Network.Cut(outside, inside);
        }

        later(span, () =>
        {
            foreach (var (inside, outside) in pairs)
            {
                cluster.Network.Join(inside, outside);
                if (!isOneWay) cluster.Network.Join(outside, inside);
            }

            cluster.Trace.Tell("network", "joined again");
        });
    }
}
