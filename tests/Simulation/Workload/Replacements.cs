// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;
using ClusterManager.Model;
using ClusterManager.Simulation.Core;

namespace ClusterManager.Simulation.Workload;

/// <summary>Now and then the operator has some replicas of a service replaced, though they are of the wanted revision.</summary>
internal sealed class Replacements
{
    private readonly SimulatedCluster _cluster;
    private readonly SeededStream _chance;
    private readonly Operator _owner;

    public Replacements(SimulatedCluster cluster, SeededStream chance, Operator owner)
    {
        (_cluster, _chance, _owner) = (cluster, chance, owner);
        cluster.Timeline.After(TimeSpan.FromSeconds(15), Next);
    }

    /// <summary>No more orders.</summary>
    public bool IsOver { get; set; }

    private void Next()
    {
        if (IsOver) return;
        if (_cluster.Leader is { } leader && leader.State.Services.Count > 0)
        {
            var service = _chance.Pick(leader.State.Services.Keys.ToList());
            var live = leader.State.LiveByNode.Values.SelectMany(ids => ids).Where(id => id.Service == service).Order().ToList();
            AllocationId[] some = [.. live.Where(_ => _chance.Chance(0.5))];
            if (some.Length > 0)
                _owner.Ask($"replaces {string.Join(", ", some)}",
                    (ticket, origin) => new ClusterEvent.ReplaceAllocations(ticket, origin, [.. some]));
        }

        _cluster.Timeline.After(_chance.Exponential(_cluster.Mix.WorkMean * 4), Next);
    }
}
