// SPDX-License-Identifier: Apache-2.0
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Output.Views;

/// <summary>A tag of an image's repository.</summary>
/// <param name="Tag">The tag.</param>
/// <param name="Reference">The image with this tag, as <c>cluster update --image</c> takes it.</param>
/// <param name="Running">Services whose current revision asks for it.</param>
internal sealed record ImageTagView(string Tag, string Reference, IReadOnlyList<string> Running)
{
    /// <summary>From the wire.</summary>
    /// <param name="image">The image that was asked about.</param>
    /// <param name="tag">One of its tags.</param>
    public static ImageTagView Of(string image, V1.ImageTag tag) =>
        new(tag.Name, $"{NameOf(image)}:{tag.Name}", [.. tag.Running.Select(Words.NameOf)]);

    private static string NameOf(string image)
    {
        var at = image.IndexOf('@', StringComparison.Ordinal);
        var name = at < 0 ? image : image[..at];
        var colon = name.LastIndexOf(':');
        // A colon before the last slash belongs to a registry's port.
        return colon > name.LastIndexOf('/') ? name[..colon] : name;
    }
}
