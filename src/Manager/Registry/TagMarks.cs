// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.State;
using ClusterManager.Registry;
using ClusterManager.Wire;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Registry;

/// <summary>Puts tags in order and says which services ask for them. Pure.</summary>
internal static class TagMarks
{
    /// <summary>The tags, newest-looking first.</summary>
    /// <param name="state">What runs.</param>
    /// <param name="image">Whose repository it is.</param>
    /// <param name="tags">What the registry lists.</param>
    public static IEnumerable<V1.ImageTag> Of(ClusterState state, ImageName image, IReadOnlyList<string> tags)
    {
        var running = Running(state, image);
        foreach (var tag in tags.Order(TagOrder.Instance))
        {
            var marked = new V1.ImageTag { Name = tag };
            marked.Running.AddRange(running[tag]);
            yield return marked;
        }
    }

    // In the order of the services' ids; one that is being removed does not count.
    private static ILookup<string, V1.ServiceName> Running(ClusterState state, ImageName image) => state.Services.Values
        .Where(service => !service.IsRemoving)
        .Select(service => (service.Name, Image: Parse(state.Revisions[service.Id][service.Revision].Spec.Container.Image)))
        .Where(service => service.Image is { Tag: not null } one && one.Name == image.Name)
        .ToLookup(service => service.Image!.Tag!, service => service.Name.ToWire(), StringComparer.Ordinal);

    private static ImageName? Parse(string reference) => ImageName.TryParse(reference, out var image) ? image : null;
}
