// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Planning.Rollouts;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Dispatch;

/// <summary>One allocation as a node is told of it. Equal when nothing that the node needs to know differs.</summary>
/// <param name="Id">Which.</param>
/// <param name="Desired">What is wanted.</param>
/// <param name="Revision">The revision it runs; its spec never changes.</param>
/// <param name="Image">What to pull and run.</param>
/// <param name="ImageIsId">The image is in no registry.</param>
/// <param name="TemplateHash">Equal hashes need no new container.</param>
/// <param name="Colour">Which name leads to it.</param>
internal sealed record AssignedAllocation(
    AllocationId Id, DesiredState Desired, int Revision, string Image, bool ImageIsId, string TemplateHash, Colour Colour = Colour.Told)
{
    /// <summary>What the state wants of a live allocation; null when its revision is not there or not resolved.</summary>
    public static AssignedAllocation? Of(ClusterState state, AllocationRecord allocation)
    {
        if (!state.Revisions.TryGetValue(allocation.Id.Service, out var revisions)) return null;
        if (!revisions.TryGetValue(allocation.Revision, out var revision) || revision.Image is not { } image) return null;
        return new AssignedAllocation(allocation.Id, allocation.Desired, allocation.Revision, image.Pinned, image.IsLocal,
            revision.TemplateHash, Colours.Of(state, allocation));
    }
}
