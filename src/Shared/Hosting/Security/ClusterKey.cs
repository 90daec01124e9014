// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Text;
using ClusterManager.Hosting.Files;

namespace ClusterManager.Hosting.Security;

/// <summary>The 256-bit key that only managers' disks hold (0600): it opens what <see cref="SecretBox"/> closed.</summary>
public sealed class ClusterKey
{
    /// <summary>The length of a key in bytes.</summary>
    public const int LengthBytes = 32;

    private readonly byte[] _bytes;

    private ClusterKey(byte[] bytes)
    {
        _bytes = bytes;
        // Eight bytes of a keyed hash: they tell two keys apart and say nothing about either.
        Id = Convert.ToHexStringLower(HMACSHA256.HashData(bytes, "cluster-key-id"u8)[..SecretBox.KeyIdBytes]);
    }

    /// <summary>The public name of the key: 16 hexadecimal digits.</summary>
    public string Id { get; }

    /// <summary>A new random key.</summary>
    public static ClusterKey Create() => new(RandomNumberGenerator.GetBytes(LengthBytes));

    /// <summary>The key with these bytes, as it came over mTLS in <c>join --manager</c>.</summary>
    /// <exception cref="ArgumentException">They are not <see cref="LengthBytes"/> long.</exception>
    public static ClusterKey FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != LengthBytes) throw new ArgumentException($"A cluster key has {LengthBytes} bytes.", nameof(bytes));
        return new ClusterKey(bytes.ToArray());
    }

    /// <summary>Reads the key's file.</summary>
    /// <returns>The key, or null when the file is missing or damaged.</returns>
    public static async Task<ClusterKey?> TryLoadAsync(string path, CancellationToken cancellationToken)
    {
        var read = await AtomicFile.ReadSealedAsync(path, cancellationToken);
        var text = Encoding.ASCII.GetString(read.Content.Span);
        if (!read.HasContent || text.Length != LengthBytes * 2 || !text.All(char.IsAsciiHexDigit)) return null;
        return new ClusterKey(Convert.FromHexString(text));
    }

    /// <summary>Writes the key's file (0600).</summary>
    public Task SaveAsync(string path, CancellationToken cancellationToken) =>
        AtomicFile.WriteSealedAsync(path, Encoding.ASCII.GetBytes(Convert.ToHexStringLower(_bytes)), FileModes.Private, cancellationToken);

    /// <summary>A copy of the bytes, to be sent to a joining manager over mTLS and nowhere else.</summary>
    public byte[] Reveal() => [.. _bytes];

    /// <summary>The key's id; never the key.</summary>
    public override string ToString() => $"ClusterKey {Id}";

    internal AesGcm OpenCipher() => new(_bytes, SecretBox.TagBytes);
}
