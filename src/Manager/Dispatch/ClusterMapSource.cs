// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Security;
using ClusterManager.Manager.State;
using ClusterManager.Model;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Dispatch;

/// <summary>Where the managers and the Consul servers are, as agents keep it on disk.</summary>
internal sealed class ClusterMapSource(Func<TrustBundle> trust, int port)
{
    /// <summary>The roots at this moment.</summary>
    public TrustBundle Trust => trust();

    /// <summary>The map for one node. It is made of the state's nodes and the roots, and of nothing else.</summary>
    public V1.ClusterMap For(ClusterState state, NodeId node)
    {
        var map = new V1.ClusterMap { ConsulServer = state.Nodes.TryGetValue(node, out var self) && self.IsConsulServer };
        map.CaCertificatesPem.AddRange(trust().Roots.Select(root => root.ExportCertificatePem()));
        foreach (var one in state.Nodes.Values)
        {
            if (one.IsManager)
                map.Managers.Add(new V1.ManagerAddress { NodeId = one.Id.ToString(), Name = one.Name, Address = Endpoint(one.Address) });
            if (one.IsConsulServer) map.ConsulServers.Add(one.Address);
        }

        return map;
    }

    /// <summary>A manager's API on this address.</summary>
    public string Endpoint(string address) =>
        address.Contains(':', StringComparison.Ordinal) ? $"[{address}]:{port}" : $"{address}:{port}";
}
