// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Registry;

namespace ClusterManager.Shared.Tests.Registry;

/// <summary>Manifests to answer with.</summary>
internal static class Manifests
{
    public const string Image = "application/vnd.oci.image.manifest.v1+json";
    public const string Index = "application/vnd.oci.image.index.v1+json";
    public const string DockerImage = "application/vnd.docker.distribution.manifest.v2+json";
    public const string DockerIndex = "application/vnd.docker.distribution.manifest.list.v2+json";

    public static string OfImage(string mediaType = Image) => $$"""
        {"schemaVersion":2,"mediaType":"{{mediaType}}","config":{"size":2},"layers":[]}
        """;

    public static string OfIndex(params (ContentDigest Digest, string Platform)[] images) => OfIndex(Index, images);

    public static string OfIndex(string mediaType, params (ContentDigest Digest, string Platform)[] images) =>
        $$"""{"schemaVersion":2,"mediaType":"{{mediaType}}","manifests":[{{string.Join(',', images.Select(Entry))}}]}""";

    public static ContentDigest DigestOf(string text) => ContentDigest.Of(System.Text.Encoding.UTF8.GetBytes(text));

    public static ContentDigest Digest(char fill) =>
        ContentDigest.TryParse("sha256:" + new string(fill, 64), out var digest) ? digest : throw new ArgumentException("no hex");

    private static string Entry((ContentDigest Digest, string Platform) image)
    {
        var parts = image.Platform.Split('/');
        var variant = parts.Length > 2 ? $",\"variant\":\"{parts[2]}\"" : "";
        return $$$"""
            {"mediaType":"{{{Image}}}","digest":"{{{image.Digest}}}","size":7,
             "platform":{"os":"{{{parts[0]}}}","architecture":"{{{parts[1]}}}"{{{variant}}}}}
            """;
    }
}
