// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Consul.Provisioning;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Diagnosis;

/// <summary>
/// Which ports of other machines a node is asked to try: every manager's API, every Consul server, and the gossip port of the two nodes
/// that follow it in the order of joining, so that all are tried by somebody and the sum stays small. Pure.
/// </summary>
internal static class InspectionTargets
{
    private const int TargetsMax = 32;
    private const int Neighbours = 2;

    /// <summary>The targets of one node, as <c>address:port</c>; none of a node that is down.</summary>
    public static ImmutableArray<string> For(ClusterState state, NodeRecord node, int managerPort)
    {
        var ports = new ConsulPorts();
        var others = state.Nodes.Values.Where(one => one.Id != node.Id && !IsDown(state, one)).OrderBy(one => one.Ordinal).ToList();
        var following = others.Where(one => one.Ordinal > node.Ordinal).Concat(others.Where(one => one.Ordinal < node.Ordinal));
        return
        [
            .. others.Where(one => one.IsManager).Select(one => Endpoint(one.Address, managerPort))
                .Concat(others.Where(one => one.IsConsulServer).Select(one => Endpoint(one.Address, ports.Server)))
                .Concat(following.Take(Neighbours).Select(one => Endpoint(one.Address, ports.SerfLan)))
                .Take(TargetsMax),
        ];
    }

    private static bool IsDown(ClusterState state, NodeRecord node) =>
        state.NodeObservations.GetValueOrDefault(node.Id)?.State is NodeState.Down;

    private static string Endpoint(string address, int port) =>
        address.Contains(':', StringComparison.Ordinal) ? $"[{address}]:{port}" : $"{address}:{port}";
}
