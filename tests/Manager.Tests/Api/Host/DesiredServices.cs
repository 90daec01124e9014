// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Tests.Api.Host;

/// <summary>What a cluster is told to run, as text in a fixed order: equal before a fault and after it.</summary>
internal static class DesiredServices
{
    /// <summary>Names, revisions and numbers of replicas, and the names of the nodes.</summary>
    public static async Task<string> OfAsync(ChannelBase channel)
    {
        var services = (await new V1.ServiceApi.ServiceApiClient(channel).ListAsync(new V1.ListServicesRequest())).Services;
        var nodes = (await new V1.NodeApi.NodeApiClient(channel).ListAsync(new V1.ListNodesRequest())).Nodes;
        return string.Join('\n', services.Select(one => $"{one.Name} {one.Revision} {one.Desired}")
            .Concat(nodes.Select(node => $"node {node.Name}")).Order(StringComparer.Ordinal));
    }
}
