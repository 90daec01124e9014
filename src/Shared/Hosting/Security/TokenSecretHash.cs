// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Text;

namespace ClusterManager.Hosting.Security;

/// <summary>
/// What is stored of a token's secret: <c>s1:SALT:SHA256</c> in hexadecimal. A plain hash is enough, since the secret is 160 random bits
/// and cannot be guessed; the salt keeps equal secrets from looking equal.
/// </summary>
public sealed class TokenSecretHash
{
    private const string Format = "s1";
    private const int SaltBytes = 16;
    private readonly byte[] _salt;
    private readonly byte[] _digest;

    private TokenSecretHash(byte[] salt, byte[] digest)
    {
        _salt = salt;
        _digest = digest;
    }

    /// <summary>The hash of a secret under a fresh salt.</summary>
    public static TokenSecretHash Of(Secret secret)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return new TokenSecretHash(salt, Digest(salt, secret));
    }

    /// <summary>Reads the stored form; null when it is not one.</summary>
    public static TokenSecretHash? TryParse(string? text)
    {
        var parts = (text ?? "").Split(':');
        if (parts.Length != 3 || parts[0] != Format) return null;
        if (parts[1].Length != SaltBytes * 2 || parts[2].Length != SHA256.HashSizeInBytes * 2) return null;
        try
        {
            return new TokenSecretHash(Convert.FromHexString(parts[1]), Convert.FromHexString(parts[2]));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>True when this is the hash of <paramref name="secret"/>. Takes the same time whether it is or not.</summary>
    public bool Matches(Secret secret) => CryptographicOperations.FixedTimeEquals(_digest, Digest(_salt, secret));

    /// <summary>The stored form.</summary>
    public override string ToString() => $"{Format}:{Convert.ToHexStringLower(_salt)}:{Convert.ToHexStringLower(_digest)}";

    private static byte[] Digest(byte[] salt, Secret secret) => SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(secret.Reveal())]);
}
