// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul;
using ClusterManager.Simulation.Core;

namespace ClusterManager.Simulation.Workload;

/// <summary>What befalls Consul's content: its leader changes, it is set back to an older copy, or emptied.</summary>
/// <remarks>Each says whether it happened.</remarks>
internal sealed class StoreFaults
{
    private static readonly TimeSpan DisksWell = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan CopyPeriod = TimeSpan.FromSeconds(20);
    private readonly SimulatedCluster _cluster;
    private readonly SeededStream _chance;
    private readonly Action<TimeSpan, Action> _later;
    private readonly List<(long Term, IReadOnlyList<KvEntry> Keys)> _copies = [];
    private IReadOnlyList<KvEntry>? _newest;

    public StoreFaults(SimulatedCluster cluster, SeededStream chance, Action<TimeSpan, Action> later)
    {
        (_cluster, _chance, _later) = (cluster, chance, later);
        Copy();
    }

    public bool ChangeLeader()
    {
        _cluster.Consul.ChangeLeader();
        return true;
    }

    /// <summary>
    /// Somebody restores an old backup by Consul's own means, and puts the newer one back soon. Every agent has seen later terms: none may
    /// obey what leads meanwhile.
    /// </summary>
    public bool SetBack()
    {
        var seen = _cluster.Hosts.Where(host => host.IsMember)
            .Select(host => host.Agent?.Book is { IsKnown: true } book ? book.Version.Term : 0).Min();
        // What a disk refused a moment ago is forgotten with the agent's life.
        if (_cluster.Hosts.Any(host => host.Disk.IsFull || _cluster.Timeline.Now - host.Disk.RefusedAt < DisksWell)) return false;
        if (_newest is not null || _copies.LastOrDefault(copy => copy.Term + 2 < seen) is not { Keys: not null } old) return false;
        _cluster.Trace.Tell("faults", $"Consul's content is set back to term {old.Term}; every agent has seen term {seen}");
        Replace(old.Keys);
        PutRightBefore(seen, _chance.Between(3000, 25_000));
        return true;
    }

    /// <summary>Consul answers and has nothing of ours for a while.</summary>
    public bool Empty()
    {
        if (_newest is not null) return false;
        _cluster.Trace.Tell("faults", "Consul's content is lost");
        Replace([]);
        _cluster.Judge.IsEmptied = true;
        _later(_chance.Between(2000, 20_000), PutRight);
        return true;
    }

    /// <summary>The newest content is back.</summary>
    public void PutRight()
    {
        if (_newest is not { } newest) return;
        _newest = null;
        _cluster.Trace.Tell("faults", "Consul's newest content is back");
        _cluster.Consul.Replace(newest);
        (_cluster.Judge.IsSetBack, _cluster.Judge.IsEmptied) = (false, false);
    }

    private void Replace(IReadOnlyList<KvEntry> keys)
    {
        _newest = _cluster.Consul.List("");
        _cluster.Judge.IsSetBack = true;
        _cluster.Consul.Replace(keys);
    }

    // Later terms of the old content would at last look newer than what the agents know.
    private void PutRightBefore(long seen, TimeSpan left)
    {
        if (_newest is null) return;
        if (left <= TimeSpan.Zero || _cluster.Consul.HolderTerm + 1 >= seen) PutRight();
        else _later(TimeSpan.FromMilliseconds(100), () => PutRightBefore(seen, left - TimeSpan.FromMilliseconds(100)));
    }

    private void Copy()
    {
        if (_newest is null && _copies.LastOrDefault().Term < _cluster.Consul.HolderTerm)
            _copies.Add((_cluster.Consul.HolderTerm, _cluster.Consul.List("")));
        _later(CopyPeriod, Copy);
    }
}
