// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Persistence;
using ClusterManager.Manager.State;
using Google.Protobuf;

namespace ClusterManager.Simulation.Checks;

/// <summary>What differs between two states in what is stored, byte by byte of their stored form.</summary>
internal static class Differences
{
    public static IEnumerable<string> Between(ClusterState one, ClusterState other)
    {
        var left = ClusterStateBuilder.Store(one);
        var right = ClusterStateBuilder.Store(other);
        if ((one.NextServiceId, one.NextNodeOrdinal, one.NextRequest) != (other.NextServiceId, other.NextNodeOrdinal,
            other.NextRequest)) yield return "counters";
        if (!Same(left.Nodes, right.Nodes, RecordCodec.ToStored)) yield return "nodes";
        if (!Same(left.Services, right.Services, RecordCodec.ToStored)) yield return "services";
        if (!Same(left.Revisions, right.Revisions, RecordCodec.ToStored)) yield return "revisions";
        if (!Same(left.Allocations, right.Allocations, RecordCodec.ToStored)) yield return "allocations";
        if (!Same(left.Volumes, right.Volumes, RecordCodec.ToStored)) yield return "volumes";
        if (!Same(left.Requests.OrderBy(request => request.Number), right.Requests.OrderBy(request => request.Number),
            RecordCodec.ToStored)) yield return "requests";
    }

    private static bool Same<T>(IEnumerable<T> left, IEnumerable<T> right, Func<T, IMessage> store) =>
        left.Select(store).SequenceEqual(right.Select(store));
}
