// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Rollouts;

/// <summary>What a registry said of an image, as one sentence that names the node that asked and says nothing twice.</summary>
internal static class ImageRefusal
{
    private const string Separator = ": ";

    /// <summary>
    /// The reason in the manager's words, the registry's own in brackets: <c>image r.lab/nope:1 is not in its registry (h2: manifest
    /// unknown)</c>. Reasons that are not about a registry come back as they are.
    /// </summary>
    public static Reason Told(Reason reason, string image, string node)
    {
        var said = reason.Code switch
        {
            ReasonCode.ImageNotFound => $"image {image} is not in its registry",
            ReasonCode.RegistryDenied => $"the registry of image {image} refused",
            ReasonCode.RegistryUnreachable => $"the registry of image {image} does not answer",
            _ => null,
        };
        if (said is null || reason.Text.StartsWith(said, StringComparison.Ordinal)) return reason;
        var detail = Detail(reason.Text, image);
        return reason with { Text = detail.Length == 0 ? $"{said} ({node})" : $"{said} ({node}{Separator}{detail})" };
    }

    /// <summary>Whether <see cref="Told"/> puts the node into the text.</summary>
    public static bool NamesItsNode(ReasonCode code) =>
        code is ReasonCode.ImageNotFound or ReasonCode.RegistryDenied or ReasonCode.RegistryUnreachable;

    /// <summary>The parts between colons, each once, without those that only name the image.</summary>
    private static string Detail(string text, string image)
    {
        var parts = text.Split(Separator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(part => part != image && part != $"image {image}" && part != $"manifest for {image} not found")
            .Distinct(StringComparer.OrdinalIgnoreCase);
        return string.Join(Separator, parts);
    }
}
