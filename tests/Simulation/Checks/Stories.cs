// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Simulation.Checks;

/// <summary>Short words for what the trace tells.</summary>
internal static class Stories
{
    public static string Of(StateChange change) => change switch
    {
        StateChange.PutNode put => $"node {put.Node.Name} {put.Node.Availability}",
        StateChange.PutService put => $"service {put.Service.Name.Name}#{put.Service.Id} r{put.Service.Revision} x{put.Service.Replicas} "
            + $"rollout {put.Service.Rollout.Number} {put.Service.Rollout.State}{(put.Service.IsRemoving ? " removing" : "")} "
                + $"{put.Service.Rollout.Reason?.Code}",
        StateChange.DeleteService gone => $"service #{gone.Service} gone",
        StateChange.PutRevision put => $"revision {put.Revision.Service}/{put.Revision.Number} {put.Revision.Image?.Pinned}",
        StateChange.PutAllocations put => $"allocations of {put.Service}",
        StateChange.PutRequest put => $"request {put.Request.Id}",
        _ => change.GetType().Name,
    };

    /// <summary>Allocations as text, newest last.</summary>
    public static string Of(SlotMap map) => string.Join(" ", map.BySlot.Values.SelectMany(records => records)
        .Select(record => $"{record.Id}@{record.Node.Value}:r{record.Revision}:{record.Ended?.ToString() ?? record.Desired.ToString()}"));

    /// <summary>Allocations as text, with what is known of them.</summary>
    public static string Of(ClusterState state, SlotMap map) => string.Join(" ", map.BySlot.Values.SelectMany(records => records)
        .Select(record => $"{record.Id}@{record.Node.Value}:r{record.Revision}:{record.Ended?.ToString() ?? record.Desired.ToString()}/"
            + $"{state.Observations.GetValueOrDefault(record.Id)?.State}/{state.Observations.GetValueOrDefault(record.Id)?.Health}/"
                + $"{state.NodeObservations.GetValueOrDefault(record.Node)?.State}"));

    /// <summary>What a node has, with what is known of it.</summary>
    public static string Of(ClusterState state, IEnumerable<AllocationId> live) =>
        string.Join(" ", live.Select(state.Find).OfType<AllocationRecord>()
        .Select(record => $"{record.Id}:r{record.Revision}:{record.Desired}/{state.Observations.GetValueOrDefault(record.Id)?.State}"));

    /// <summary>
    /// What kind of situation a service is in, whatever its names and numbers: distinct ones measure the effort of a run.
    /// </summary>
    public static int ShapeOf(ClusterState state, ServiceId service, SlotMap map)
    {
        var hash = new HashCodeOfInts();
        hash.Add((int)(state.Services.GetValueOrDefault(service)?.Rollout.State ?? 0));
        foreach (var records in map.BySlot.Values)
        {
            hash.Add(-1);
            foreach (var record in records)
            {
                hash.Add((int)record.Desired);
                hash.Add((int)(record.Ended ?? 0));
                hash.Add((int)(state.Observations.GetValueOrDefault(record.Id)?.State ?? 0));
                hash.Add((int)(state.NodeObservations.GetValueOrDefault(record.Node)?.State ?? 0));
            }
        }

        return hash.Value;
    }

    /// <summary>
    /// What kind of situation the cluster is in: who is there and works, and how each service stands, whatever it is called.
    /// </summary>
    public static int SituationOf(SimulatedCluster cluster, ClusterState state)
    {
        var hash = new HashCodeOfInts();
        foreach (var host in cluster.Hosts)
        {
            var seen = state.NodeObservations.GetValueOrDefault(host.Node);
            hash.Add((int)(seen?.State ?? 0));
            hash.Add((int)(state.Nodes.GetValueOrDefault(host.Node)?.Availability ?? 0));
            hash.Add((host.IsPowered ? 1 : 0) + (host.Agent is null ? 0 : 2) + (host.Engine.IsUp ? 4 : 0) + (host.Manager is null ? 0 : 8));
        }

        hash.Add(state.BrakeSince is null ? 0 : 1);
        foreach (var shape in state.Services.Keys
            .Select(service => ShapeOf(state, service, state.Allocations.GetValueOrDefault(service, SlotMap.Empty))).Order())
            hash.Add(shape);
        return hash.Value;
    }

    private struct HashCodeOfInts
    {
        public int Value { get; private set; }

        public void Add(int value) => Value = unchecked((Value * 31) + value + 17);
    }
}
