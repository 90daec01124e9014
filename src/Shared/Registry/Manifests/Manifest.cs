// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Registry;

/// <summary>What a registry answers for a tag or a digest.</summary>
public sealed record Manifest
{
    /// <summary>Its digest: what a reference is pinned to. Of an index it is the index's own.</summary>
    public required ContentDigest Digest { get; init; }

    /// <summary>An image or an index.</summary>
    public required ManifestKind Kind { get; init; }

    /// <summary>Its media type.</summary>
    public required string MediaType { get; init; }

    /// <summary>Which registry or mirror answered.</summary>
    public required string Registry { get; init; }

    /// <summary>The images of an index, in its order; empty for an image, and when only the head was read.</summary>
    public IReadOnlyList<ManifestEntry> Entries { get; init; } = [];

    /// <summary>The bytes whose digest it is; empty when only the head was read.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>
    /// The image of an index that runs on a platform: the exact one, else the one for the newest older variant of the same processor,
    /// the first of equals. Null: the index has none, or was not read.
    /// </summary>
    /// <param name="platform">Where it is to run.</param>
    public ManifestEntry? For(Platform platform)
    {
        ManifestEntry? best = null;
        var least = int.MaxValue;
        foreach (var entry in Entries)
        {
            if (entry.Platform is not { } offered || platform.DistanceTo(offered) is not { } distance || distance >= least) continue;
            (best, least) = (entry, distance);
        }

        return best;
    }
}
