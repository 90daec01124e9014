// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Registry;

/// <summary>The kinds of manifests that are understood.</summary>
internal static class MediaTypes
{
    /// <summary>
    /// What a request accepts, indexes first: a registry then gives the index as it is instead of choosing a platform for us.
    /// </summary>
    public static readonly string Accept = string.Join(", ", Indexes.Concat(Images));

    private static IEnumerable<string> Indexes =>
        ["application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json"];

    private static IEnumerable<string> Images =>
        ["application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json"];

    /// <summary>The kind that a media type names; null: none that is understood.</summary>
    public static ManifestKind? KindOf(string? mediaType) =>
        mediaType is null ? null
        : Indexes.Contains(mediaType, StringComparer.Ordinal) ? ManifestKind.Index
        : Images.Contains(mediaType, StringComparer.Ordinal) ? ManifestKind.Image
        : null;
}
