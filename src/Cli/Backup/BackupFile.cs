// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ClusterManager.Cli.Bootstrap;
using ClusterManager.Hosting.Security;
using Google.Protobuf;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Backup;

/// <summary>
/// A backup as a file: one line of text that says how it is closed, then the content under AES-256-GCM with a key that PBKDF2 (SHA-256)
/// makes of the passphrase. The line is authenticated with it; a checksum tells damage from a wrong passphrase.
/// </summary>
internal static class BackupFile
{
    /// <summary>Shortest passphrase.</summary>
    public const int PassphraseLengthMin = 8;

    /// <summary>Rounds of PBKDF2 that this program writes; a file says its own.</summary>
    public const int Iterations = 600_000;

    private const string Magic = "cluster-backup";
    private const int Format = 1;
    private const int IterationsMax = 10_000_000;
    private const int HeaderLengthMax = 256;
    private const int SaltBytes = 16;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int KeyBytes = 32;

    /// <summary>Closes a backup.</summary>
    /// <param name="content">What it holds.</param>
    /// <param name="passphrase">At least <see cref="PassphraseLengthMin"/> characters.</param>
    /// <param name="iterations">Of PBKDF2.</param>
    public static byte[] Close(V1.Backup content, Secret passphrase, int iterations = Iterations)
    {
        var plain = content.ToByteArray();
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var nonce = RandomNumberGenerator.GetBytes(NonceBytes);
        var how = string.Create(
            CultureInfo.InvariantCulture,
            $"{Magic} {Format} pbkdf2-sha256 {iterations} {HexOf(salt)} {HexOf(nonce)} {plain.Length}");
        var box = new byte[plain.Length + TagBytes];
        using (var cipher = new AesGcm(Key(passphrase, salt, iterations), TagBytes))
            cipher.Encrypt(nonce, plain, box.AsSpan(0, plain.Length), box.AsSpan(plain.Length), Encoding.ASCII.GetBytes(how));
        CryptographicOperations.ZeroMemory(plain);
        return [.. Encoding.ASCII.GetBytes($"{how} {Digest(box)}\n"), .. box];
    }

    /// <summary>Opens one.</summary>
    /// <exception cref="BootstrapException">It is damaged, of a newer format, or the passphrase is another one.</exception>
    public static V1.Backup Open(byte[] file, Secret passphrase)
    {
        var (how, words, box) = Split(file);
        var salt = Hex(words[4], SaltBytes);
        var nonce = Hex(words[5], NonceBytes);
        if (!int.TryParse(words[3], NumberStyles.None, CultureInfo.InvariantCulture, out var iterations)
            || iterations is < 1 or > IterationsMax) throw Damaged("its first line is damaged");
        var plain = new byte[box.Length - TagBytes];
        try
        {
            using var cipher = new AesGcm(Key(passphrase, salt, iterations), TagBytes);
            cipher.Decrypt(nonce, box.Span[..^TagBytes], box.Span[^TagBytes..], plain, Encoding.ASCII.GetBytes(how));
            return V1.Backup.Parser.ParseFrom(plain);
        }
        catch (AuthenticationTagMismatchException)
        {
            throw new BootstrapException(
                BootstrapException.NotPermitted, "the passphrase does not open this backup: it was closed with another one");
        }
        catch (InvalidProtocolBufferException)
        {
            throw Damaged("its content is not understood");
        }
    }

    private static (string How, string[] Words, ReadOnlyMemory<byte> Box) Split(byte[] file)
    {
        var end = file.AsSpan(0, Math.Min(file.Length, HeaderLengthMax)).IndexOf((byte)'\n');
        var line = end < 0 ? "" : Encoding.ASCII.GetString(file, 0, end);
        var words = line.Split(' ');
        if (words[0] != Magic) throw new BootstrapException(BootstrapException.BadInput, "this is no backup of a cluster");
        if (words.Length > 1 && int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var format) && format > Format)
            throw new BootstrapException(
                BootstrapException.BadInput, $"the backup has format {format}, this program reads up to {Format}: use a newer 'cluster'");
        var box = file.AsMemory(end + 1);
        if (words.Length != 8 || words[1] != "1" || words[2] != "pbkdf2-sha256" || box.Length < TagBytes)
            throw Damaged("its first line is damaged");
        if (words[7] != Digest(box.Span))
            throw Damaged($"its checksum does not match ({box.Length} bytes of content, {words[6]} and {TagBytes} were written)");
        return (line[..line.LastIndexOf(' ')], words, box);
    }

    private static byte[] Key(Secret passphrase, byte[] salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(passphrase.Reveal()), salt, iterations, HashAlgorithmName.SHA256, KeyBytes);

    private static byte[] Hex(string text, int bytes) =>
        text.Length == bytes * 2 && text.All(char.IsAsciiHexDigit) ? Convert.FromHexString(text)
            : throw Damaged("its first line is damaged");

    private static string HexOf(byte[] bytes) => Convert.ToHexStringLower(bytes);

    private static string Digest(ReadOnlySpan<byte> box) => Convert.ToHexStringLower(SHA256.HashData(box));

    private static BootstrapException Damaged(string how) =>
        new(BootstrapException.BadInput, $"the backup is damaged: {how}. Nothing was changed; take another copy of it");
}
