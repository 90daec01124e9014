// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.State;
using ClusterManager.Model;
using ClusterManager.Simulation.Agents;
using ClusterManager.Simulation.Core;

namespace ClusterManager.Simulation.Workload;

/// <summary>
/// Machines that join, are given up, and join again under another id with what they still have on their engines. Asks like an operator;
/// managers stay.
/// </summary>
internal sealed class Membership(SimulatedCluster cluster, SeededStream chance, Operator work)
{
    private static readonly TimeSpan DeathTime = TimeSpan.FromSeconds(8);
    private readonly SortedSet<string> _joining = new(StringComparer.Ordinal);
    private int _joins;

    /// <summary>A machine that is no member joins, or one that is a member is given up.</summary>
    public void Change()
    {
        if (cluster.Judge.IsSetBack) return;
        var host = chance.Pick(cluster.Hosts);
        if (cluster.ManagerHosts.Contains(host)) return;
        if (host.IsMember) GiveUp(host);
        else Join(host);
    }

    /// <summary>Every machine is a member.</summary>
    public void JoinAll()
    {
        foreach (var host in cluster.Hosts.Where(host => !host.IsMember)) Join(host);
    }

    private void Join(SimulatedHost host)
    {
        if (!host.IsPowered || !_joining.Add(host.Name)) return;
        var number = ++_joins;
        var id = new NodeId((UInt128)(1000 + number));
        var token = string.Create(CultureInfo.InvariantCulture, $"token-{number}");
        var node = new NodeRecord { Id = id, Name = host.Name, Ordinal = 0, Address = host.Address, JoinedAt = VirtualTime.Epoch };
        var secret = new byte[] { 1, 2, 3 };
        var record = new TokenRecord
        {
            Id = token, SecretHash = secret, IsManager = false, ExpiresAt = VirtualTime.Epoch.AddDays(1), UsesLeft = 1, CreatedBy = "olga",
            CreatedAt = VirtualTime.Epoch,
        };
        work.Ask($"makes {token}", (ticket, origin) => new ClusterEvent.CreateToken(ticket, origin, record), done => Made(done));

        void Made(bool isMade)
        {
            if (!isMade) _joining.Remove(host.Name);
            else work.Ask($"joins {host.Name} as {id.Value}",
                (ticket, origin) => new ClusterEvent.JoinNode(ticket, origin, token, secret, node), _ => AtTruth(Joined));
        }

        void Joined(ClusterState truth)
        {
            _joining.Remove(host.Name);
            if (!truth.Nodes.ContainsKey(id) || host.IsMember) return;
            cluster.Faults.Count("node joined");
            (host.Node, host.IsMember) = (id, true);
            host.Disk.Wipe();
            cluster.Judge.DiskLost(host);
            cluster.StartPrograms(host);
        }
    }

    // What an older copy of the state has promised is worth nothing when the newest is back.
    private void AtTruth(Action<ClusterState> go)
    {
        if (!cluster.Judge.IsSetBack && cluster.Judge.Truth is { } truth) go(truth);
        else cluster.Timeline.After(TimeSpan.FromSeconds(1), () => AtTruth(go));
    }

    // Only what is down can be removed; the home of a volume is refused, and comes back.
    private void GiveUp(SimulatedHost host)
    {
        if (!host.IsPowered) return;
        cluster.Trace.Tell("operator", $"switches {host.Name} off for good");
        cluster.PowerOff(host);
        var node = host.Node.ToString();
        cluster.Timeline.After(DeathTime, () =>
        {
            // Somebody has switched it on again.
            if (host.IsPowered || !host.IsMember) return;
            var name = $"removes node {host.Name}";
            work.Ask(name, (ticket, origin) => new ClusterEvent.RemoveNode(ticket, origin, node), _ => AtTruth(truth =>
            {
                var isGone = !truth.Nodes.ContainsKey(host.Node);
                if (isGone && !host.IsMember) return;
                if (isGone)
                {
                    cluster.Faults.Count("node removed");
                    cluster.KillAgent(host);
                    host.IsMember = false;
                }

                cluster.Timeline.After(chance.Between(5_000, 60_000), () => cluster.PowerOn(host));
            }));
        });
    }
}
