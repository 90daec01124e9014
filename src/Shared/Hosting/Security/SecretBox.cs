// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace ClusterManager.Hosting.Security;

/// <summary>
/// Closes and opens the secrets that are stored in Consul: AES-256-GCM under a <see cref="ClusterKey"/>. Thread-safe.
/// </summary>
/// <remarks>
/// Box: format (1 byte), key id (8), nonce (12, random), ciphertext, tag (16). Header and associated data are authenticated, so a
/// box that is moved to another Consul key does not open there. Random nonces allow some 2^32 boxes per key; the cluster makes thousands.
/// </remarks>
public sealed class SecretBox
{
    internal const int KeyIdBytes = 8;
    internal const int TagBytes = 16;
    private const int NonceBytes = 12;
    private const int HeaderBytes = 1 + KeyIdBytes + NonceBytes;
    private const byte Format = 1;
    private readonly ClusterKey _current;
    private readonly ImmutableSortedDictionary<string, ClusterKey> _keys;

    /// <summary>A box for this key, which can still open what earlier keys closed.</summary>
    /// <param name="current">Closes.</param>
    /// <param name="earlier">Open only; empty unless the key is being rotated.</param>
    public SecretBox(ClusterKey current, params ReadOnlySpan<ClusterKey> earlier)
    {
        ArgumentNullException.ThrowIfNull(current);
        _current = current;
        var keys = ImmutableSortedDictionary.CreateBuilder<string, ClusterKey>(StringComparer.Ordinal);
        foreach (var key in earlier) keys[key.Id] = key;
        keys[current.Id] = current;
        _keys = keys.ToImmutable();
    }

    /// <summary>Encrypts.</summary>
    /// <param name="plaintext">The secret.</param>
    /// <param name="associatedData">Where the box will live, such as its Consul key; the same text is needed to open it.</param>
    public byte[] Close(ReadOnlySpan<byte> plaintext, string associatedData)
    {
        var box = new byte[HeaderBytes + plaintext.Length + TagBytes];
        box[0] = Format;
        Convert.FromHexString(_current.Id).CopyTo(box, 1);
        RandomNumberGenerator.Fill(box.AsSpan(1 + KeyIdBytes, NonceBytes));
        using var cipher = _current.OpenCipher();
        cipher.Encrypt(
            box.AsSpan(1 + KeyIdBytes, NonceBytes),
            plaintext,
            box.AsSpan(HeaderBytes, plaintext.Length),
            box.AsSpan(HeaderBytes + plaintext.Length),
            Authenticated(box, associatedData));
        return box;
    }

    /// <summary>Decrypts what <see cref="Close"/> made under the same <paramref name="associatedData"/>.</summary>
    /// <param name="box">The stored bytes.</param>
    /// <param name="associatedData">As when it was closed.</param>
    /// <param name="problem">Why it does not open, without secrets; null on success.</param>
    /// <returns>The secret, or null.</returns>
    public byte[]? TryOpen(ReadOnlySpan<byte> box, string associatedData, out string? problem)
    {
        problem = null;
        if (box.Length < HeaderBytes + TagBytes) problem = "the box is cut off";
        else if (box[0] != Format) problem = $"the box has format {box[0]}, this program reads {Format}";
        if (problem is not null) return null;

        var keyId = Convert.ToHexStringLower(box.Slice(1, KeyIdBytes));
        if (!_keys.TryGetValue(keyId, out var key))
        {
            problem = $"the box was closed with key {keyId}, which this manager does not hold";
            return null;
        }
        var plaintext = new byte[box.Length - HeaderBytes - TagBytes];
        using var cipher = key.OpenCipher();
        try
        {
            cipher.Decrypt(
                box.Slice(1 + KeyIdBytes, NonceBytes),
                box[HeaderBytes..^TagBytes],
                box[^TagBytes..],
                plaintext,
                Authenticated(box, associatedData));
            return plaintext;
        }
        catch (AuthenticationTagMismatchException)
        {
            problem = "the box was altered or belongs elsewhere";
            return null;
        }
    }

    private static byte[] Authenticated(ReadOnlySpan<byte> box, string associatedData) =>
        [.. box[..(1 + KeyIdBytes)], .. Encoding.UTF8.GetBytes(associatedData)];
}
