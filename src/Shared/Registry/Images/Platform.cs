// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;

namespace ClusterManager.Registry;

/// <summary>What a machine runs, in the words of images: <c>linux/arm64/v8</c>.</summary>
/// <param name="Os">The operating system, such as <c>linux</c>.</param>
/// <param name="Architecture">The processor, such as <c>amd64</c>.</param>
/// <param name="Variant">Which kind of it; empty: the usual one (arm's is v7, arm64's v8).</param>
public sealed record Platform(string Os, string Architecture, string Variant = "")
{
    /// <summary>Reads <c>os/architecture</c> or <c>os/architecture/variant</c>, also in machines' own words for processors.</summary>
    /// <param name="text">What is written.</param>
    /// <param name="platform">The platform in the usual words; null when the method returns false.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Platform? platform)
    {
        var parts = text?.Split('/') ?? [];
        platform = parts.Length is 2 or 3 && parts.All(part => part.Length > 0)
            ? new Platform(parts[0], parts[1], parts.Length == 3 ? parts[2] : "").Normalized()
            : null;
        return platform is not null;
    }

    /// <summary>The same platform in the words that images use: <c>aarch64</c> is <c>arm64</c>, its usual variant is left out.</summary>
    public Platform Normalized()
    {
        var (architecture, variant) = Architecture.ToLowerInvariant() switch
        {
            "x86_64" or "x86-64" => ("amd64", Variant),
            "aarch64" => ("arm64", Variant),
            "armhf" or "armv7l" => ("arm", "v7"),
            "armel" or "armv6l" => ("arm", "v6"),
            "i386" or "i686" => ("386", Variant),
            var other => (other, Variant),
        };
        var isUsual = (architecture, variant) is ("arm64", "v8") or ("arm64", "8") or ("arm", "v7") or ("arm", "7") or ("amd64", "v1");
        return new Platform(Os.ToLowerInvariant(), architecture, isUsual ? "" : variant.ToLowerInvariant());
    }

    /// <summary>
    /// How well an image for another platform runs here: 0 exactly, more for an older variant of the same processor, null not at all.
    /// </summary>
    /// <param name="image">What the image is for.</param>
    internal int? DistanceTo(Platform image)
    {
        var (mine, theirs) = (Normalized(), image.Normalized());
        if (mine.Os != theirs.Os || mine.Architecture != theirs.Architecture) return null;
        if (mine.Variant == theirs.Variant) return 0;
        return (Level(mine), Level(theirs)) is ({ } have, { } need) && need <= have ? have - need : null;
    }

    /// <inheritdoc/>
    public override string ToString() => Variant.Length == 0 ? $"{Os}/{Architecture}" : $"{Os}/{Architecture}/{Variant}";

    // Variants of these processors are levels that contain the lower ones.
    private static int? Level(Platform platform) => (platform.Architecture, platform.Variant) switch
    {
        ("amd64", "") => 1,
        ("arm", "") => 7,
        ("arm64", "") => 8,
        ("amd64" or "arm" or "arm64", ['v', >= '1' and <= '9' and var digit]) => digit - '0',
        _ => null,
    };
}
