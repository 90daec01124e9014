// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Text;

namespace ClusterManager.Manager.Hosting;

/// <summary>
/// A token that opens one door and nothing else: the content of a file, read again when it changes. No file, or less than
/// <see cref="LengthMin"/> characters in it: no token is accepted. Thread-safe.
/// </summary>
internal sealed class AccessToken(string path)
{
    /// <summary>A shorter one could be guessed.</summary>
    public const int LengthMin = 20;

    private const string Scheme = "Bearer ";
    private readonly FileToken _file = new(path);

    /// <summary>True when the header <c>Authorization</c> carries the token.</summary>
    public bool Accepts(string? authorization) =>
        authorization is not null && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && Is(authorization[Scheme.Length..].Trim());

    /// <summary>True when the text is the token.</summary>
    public bool Is(string text) =>
        // By hashes, so that neither content nor length can be timed.
        _file.Read() is { Length: >= LengthMin } token && CryptographicOperations.FixedTimeEquals(Hash(text), Hash(token));

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
