// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Scheduling;

/// <summary>The order in which fitting nodes are taken; the lowest first.</summary>
internal readonly record struct NodeRank(int SameService, double ReservedShare, int Allocations, NodeId Node) : IComparable<NodeRank>
{
    public int CompareTo(NodeRank other)
    {
        var by = SameService.CompareTo(other.SameService);
        if (by == 0) by = ReservedShare.CompareTo(other.ReservedShare);
        if (by == 0) by = Allocations.CompareTo(other.Allocations);
        return by != 0 ? by : Node.CompareTo(other.Node);
    }
}
