// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Manager.State;

/// <summary>How full a node is; the emptiest first. Placement takes nodes in this order where a service has no replica yet.</summary>
/// <param name="ReservedShare">The larger of the reserved shares of CPU and memory, 0 to 1 and more.</param>
/// <param name="Allocations">Live allocations.</param>
/// <param name="Node">Breaks ties.</param>
internal readonly record struct NodeLoad(double ReservedShare, int Allocations, NodeId Node) : IComparable<NodeLoad>
{
    public static NodeLoad Of(NodeRecord node, NodeUsage usage) => new(ShareOf(node, usage), usage.Allocations, node.Id);

    public int CompareTo(NodeLoad other)
    {
        var by = ReservedShare.CompareTo(other.ReservedShare);
        if (by == 0) by = Allocations.CompareTo(other.Allocations);
        return by != 0 ? by : Node.CompareTo(other.Node);
    }

    private static double ShareOf(NodeRecord node, NodeUsage usage) => node.Facts is not { } facts ? 0
        : Math.Max(Share(usage.CpuNano, facts.CpuNano), Share(usage.MemoryBytes, facts.MemoryBytes));

    private static double Share(long used, long all) => all <= 0 ? 0 : (double)used / all;
}
