// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.State;

namespace ClusterManager.Manager.Planning.Scheduling;

/// <summary>The order in which fitting nodes are taken; the lowest first.</summary>
/// <param name="SameService">Wanted replicas of the same revision there.</param>
/// <param name="Load">How full it is.</param>
internal readonly record struct NodeRank(int SameService, NodeLoad Load) : IComparable<NodeRank>
{
    public int CompareTo(NodeRank other)
    {
        var by = SameService.CompareTo(other.SameService);
        return by != 0 ? by : Load.CompareTo(other.Load);
    }
}
