// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Text;
using ClusterManager.Manager.Hosting;

namespace ClusterManager.Manager.Telemetry;

/// <summary>
/// The bearer token that may read metrics and nothing else: the content of a file, read again when it changes. No file, or less than
/// <see cref="LengthMin"/> characters in it: no token is accepted. Thread-safe.
/// </summary>
internal sealed class MetricsToken(string path)
{
    /// <summary>A shorter one could be guessed.</summary>
    public const int LengthMin = 20;

    private const string Scheme = "Bearer ";
    private readonly FileToken _file = new(path);

    /// <summary>True when the header <c>Authorization</c> carries the token.</summary>
    public bool Accepts(string? authorization)
    {
        if (authorization is null || !authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return false;
        if (_file.Read() is not { Length: >= LengthMin } token) return false;
        // By hashes, so that neither content nor length can be timed.
        return CryptographicOperations.FixedTimeEquals(Hash(authorization[Scheme.Length..].Trim()), Hash(token));
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
