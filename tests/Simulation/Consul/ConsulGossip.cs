// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul;
using ClusterManager.Simulation.Core;

namespace ClusterManager.Simulation.Consul;

/// <summary>
/// Gossip's own check of every host, as the quorum's leader writes it down: some seconds after a loss, quickly after a return.
/// </summary>
internal sealed class ConsulGossip(
    Timeline timeline, SeededStream chance, IReadOnlyList<string> hosts, ConsulServers servers, Action<string> tell)
{
    private readonly SortedDictionary<string, bool> _seen = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, TimeSpan> _changeAt = new(StringComparer.Ordinal);

    /// <summary>What serfHealth says of every host.</summary>
    public IReadOnlyDictionary<string, bool> Seen => _seen;

    /// <summary>Every host is seen.</summary>
    public ConsulData Begin(ConsulData data)
    {
        foreach (var host in hosts) _seen[host] = true;
        return hosts.Aggregate(data, (after, host) => after.Put(CheckOf(host)));
    }

    /// <summary>Looks at every host.</summary>
    public ConsulData Look(ConsulData data)
    {
        foreach (var host in hosts)
            if (HasChanged(host)) data = data.Next().Put(CheckOf(host));
        return data;
    }

    private bool HasChanged(string host)
    {
        var isSeen = servers.Sees(host);
        if (isSeen == _seen[host])
        {
            _changeAt.Remove(host);
            return false;
        }

        if (!_changeAt.TryGetValue(host, out var at))
            _changeAt[host] = at = timeline.Now + (isSeen ? chance.Between(50, 700) : chance.Between(1900, 3000));
        if (timeline.Now < at) return false;
        _seen[host] = isSeen;
        _changeAt.Remove(host);
        tell($"serfHealth of {host}: {(isSeen ? "passing" : "critical")}");
        return true;
    }

    private HealthCheck CheckOf(string host) => new()
    {
        Node = host, Id = ConsulData.SerfHealth, Name = "Serf Health Status",
        Status = _seen[host] ? CheckStatus.Passing : CheckStatus.Critical,
    };
}
