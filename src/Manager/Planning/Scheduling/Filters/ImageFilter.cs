// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Scheduling.Filters;

/// <summary>An image that no registry holds runs only where it is.</summary>
internal sealed class ImageFilter : IPlacementFilter
{
    public Reason? Check(NodeCandidate node, PlacementRequest request) => CouldHold(node, request)
        ? null
        : new Reason(ReasonCode.ImageNotOnNode,
            $"image {request.Spec.Container.Image} is in no registry and {node.Record.Name} does not have it");

    public bool CouldHold(NodeCandidate node, PlacementRequest request) =>
        request.Image is not { IsLocal: true } image || image.Nodes.Contains(node.Record.Id);
}
