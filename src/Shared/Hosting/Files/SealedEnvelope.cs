// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ClusterManager.Hosting.Files;

/// <summary>
/// One line of text in front of the content: <c>cluster-sealed FORMAT LENGTH SHA256</c>, so that <c>head -1</c> and
/// <c>tail -n +2</c> are all that is needed to look into a file.
/// </summary>
/// <remarks>The checksum notices accidents. It is no signature: who can write the file can also compute it.</remarks>
internal static class SealedEnvelope
{
    private const string Magic = "cluster-sealed";
    private const int Format = 1;
    // Magic, format, a length of at most 10 digits, 64 hex digits, separators: anything longer is not ours.
    private const int HeaderLengthMax = 128;

    internal static byte[] Wrap(ReadOnlySpan<byte> content)
    {
        var header = string.Create(CultureInfo.InvariantCulture, $"{Magic} {Format} {content.Length} {Digest(content)}\n");
        var headerLength = Encoding.ASCII.GetByteCount(header);
        var file = new byte[headerLength + content.Length];
        Encoding.ASCII.GetBytes(header, file);
        content.CopyTo(file.AsSpan(headerLength));
        return file;
    }

    internal static SealedReadResult Unwrap(byte[] file)
    {
        var end = file.AsSpan(0, Math.Min(file.Length, HeaderLengthMax)).IndexOf((byte)'\n');
        if (end < 0) return Damaged("it has no header line");
        var parts = Encoding.ASCII.GetString(file, 0, end).Split(' ');
        if (parts.Length < 2 || parts[0] != Magic) return Damaged("it does not begin as a sealed file");
        if (!int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var format) || format < 1)
            return Damaged("its format is no number");
        if (format > Format) return Newer(format);
        if (parts.Length != 4 || !int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var length))
            return Damaged("its header is incomplete");

        var content = file.AsMemory(end + 1);
        if (content.Length != length) return Damaged($"it has {content.Length} bytes of content instead of {length}");
        if (!string.Equals(parts[3], Digest(content.Span), StringComparison.Ordinal)) return Damaged("its checksum does not match");
        return new SealedReadResult { Outcome = SealedReadOutcome.Intact, Content = content };
    }

    private static string Digest(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private static SealedReadResult Damaged(string problem) => new() { Outcome = SealedReadOutcome.Damaged, Problem = problem };

    private static SealedReadResult Newer(int format) => new()
    {
        Outcome = SealedReadOutcome.NewerFormat,
        Problem = $"it has format {format}; this program reads up to {Format}",
    };
}
