// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace ClusterManager.Registry;

/// <summary>The hash by which content is named: <c>sha256:</c> or <c>sha512:</c> with its bytes in lower-case hex.</summary>
public sealed record ContentDigest
{
    private const string Sha256Prefix = "sha256:";
    private const string Sha512Prefix = "sha512:";
    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdef");
    private readonly string _text;

    private ContentDigest(string text) => _text = text;

    /// <summary>Reads a digest.</summary>
    /// <param name="text">What is written.</param>
    /// <param name="digest">The digest; null when the method returns false.</param>
    /// <returns>False when the text is no digest, or one of another algorithm.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ContentDigest? digest)
    {
        digest = null;
        var length = text switch
        {
            not null when text.StartsWith(Sha256Prefix, StringComparison.Ordinal) => Sha256Prefix.Length + (2 * SHA256.HashSizeInBytes),
            not null when text.StartsWith(Sha512Prefix, StringComparison.Ordinal) => Sha512Prefix.Length + (2 * SHA512.HashSizeInBytes),
            _ => 0,
        };
        if (text is null || length == 0 || text.Length != length || text.AsSpan(Sha256Prefix.Length).ContainsAnyExcept(Hex)) return false;
        digest = new ContentDigest(text);
        return true;
    }

    /// <summary>The SHA-256 digest of some content.</summary>
    /// <param name="content">The content, whole.</param>
    public static ContentDigest Of(ReadOnlySpan<byte> content) =>
        new(Sha256Prefix + Convert.ToHexStringLower(SHA256.HashData(content)));

    /// <summary>True when this is the content's digest, by the algorithm that this digest names.</summary>
    /// <param name="content">The content, whole.</param>
    public bool IsOf(ReadOnlySpan<byte> content) => _text.StartsWith(Sha256Prefix, StringComparison.Ordinal)
        ? this == Of(content)
        : _text == Sha512Prefix + Convert.ToHexStringLower(SHA512.HashData(content));

    /// <summary>As it stands in references and headers.</summary>
    public override string ToString() => _text;
}
