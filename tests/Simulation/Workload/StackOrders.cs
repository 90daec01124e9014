// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;
using ClusterManager.Model;
using ClusterManager.Simulation.Core;

namespace ClusterManager.Simulation.Workload;

/// <summary>How stacks are deployed: in an order or all at once, with what left the file removed or kept; and brought back later.</summary>
internal sealed class StackOrders(SimulatedCluster cluster, SeededStream chance, Operator work)
{
    /// <summary>No more wishes.</summary>
    public bool IsOver { get; set; }

    /// <summary>The specs, each after the one before it in the list or not.</summary>
    public IEnumerable<ServiceSpec> Ordered(IReadOnlyList<ServiceSpec> specs)
    {
        for (var i = 0; i < specs.Count; i++)
        {
            var condition = chance.Pick([DependencyCondition.Healthy, DependencyCondition.Healthy, DependencyCondition.Started]);
            yield return i > 0 && chance.Chance(0.6)
                ? specs[i] with { DependsOn = Dependencies.None.Add(specs[i - 1].Name.Name, condition) } : specs[i];
        }
    }

    /// <summary>What left the file goes.</summary>
    public bool IsPruning() => chance.Chance(0.7);

    /// <summary>The others stay when one fails.</summary>
    public bool Keeps() => chance.Chance(0.2);

    /// <summary>Some releases are not liked, sooner or later.</summary>
    public void MayBringBack()
    {
        var isMeant = chance.Chance(0.4);
        var after = chance.Between(2_000, 90_000);
        if (!isMeant) return;
        cluster.Timeline.After(after, () =>
        {
            if (!IsOver)
                work.Ask($"brings a release of {SpecMaker.Stack} back",
                    (ticket, origin) => new ClusterEvent.RollBackStack(ticket, origin, SpecMaker.Stack, 0));
        });
    }
}
