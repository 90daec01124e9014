// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Planning;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Simulation.Checks;

/// <summary>
/// No placement gives a node more than it has: memory, and each fixed port once. Only nodes on which this turn placed something are
/// judged: a
/// new leader does not know yet what is only kept for its last words, and counts it.
/// </summary>
internal static class Capacity
{
    public static IEnumerable<(NodeId Node, string Broken)> Check(ClusterState before, ClusterState state)
    {
        foreach (var (node, live) in state.LiveByNode)
        {
            if (!state.Nodes.TryGetValue(node, out var record) || live.All(id => before.Find(id) is not null)) continue;
            var specs = live.Select(state.Find).OfType<AllocationRecord>().Where(one => one.IsLive && !state.IsKept(one))
                .Select(one => state.SpecOf(one)!).ToList();
            var memory = specs.Sum(spec => spec.Resources.MemoryReservationBytes ?? 0);
            if (record.Facts is { } facts
                && memory > facts.MemoryBytes) yield return (node, $"{record.Name} is given {memory} bytes of {facts.MemoryBytes}");
            if (live.Count > EngineLimits.AllocationsPerNode) yield return (node, $"{record.Name} is given {live.Count} allocations");
            foreach (var port in specs.SelectMany(spec => spec.Ports).Where(port => port.Mode == PortMode.Fixed)
                .GroupBy(port => port.Published))
                if (port.Count() > 1) yield return (node, $"{record.Name} is given port {port.Key} {port.Count()} times");
        }
    }
}
