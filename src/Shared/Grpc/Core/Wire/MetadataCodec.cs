// SPDX-License-Identifier: Apache-2.0
namespace Grpc.Core.Wire;

/// <summary>Metadata as HTTP headers.</summary>
internal static class MetadataCodec
{
    // Headers that belong to HTTP/2 or to gRPC itself: never sent from, nor shown in, a call's metadata.
    private static readonly HashSet<string> ProtocolHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "content-type", "content-length", "te", "host", "connection", "transfer-encoding", "keep-alive", "proxy-connection", "upgrade",
        "date", "server", "trailer",
    };

    /// <summary>True for keys a user may send. <c>grpc-*</c> is reserved, but for the status details.</summary>
    public static bool IsUserKey(string key) =>
        !ProtocolHeaders.Contains(key)
        && !key.StartsWith(':')
        && (!key.StartsWith("grpc-", StringComparison.OrdinalIgnoreCase)
            || key.Equals(GrpcNames.StatusDetailsHeader, StringComparison.OrdinalIgnoreCase));

    /// <summary>The value of an entry on the wire: text as it is, bytes as base64 without padding.</summary>
    public static string EncodeValue(Metadata.Entry entry) =>
        entry.IsBinary ? Convert.ToBase64String(entry.BinarySpan).TrimEnd('=') : entry.Value;

    /// <summary>
    /// Adds a received header. Text stays one entry per header line; bytes are split at commas, as peers may join duplicates.
    /// What is not valid in gRPC (keys, characters, base64) is left out: a stranger's header must not fail a call.
    /// </summary>
    public static void AddReceived(Metadata metadata, string key, string? value)
    {
        if (value is null || !IsUserKey(key))
            return;
        if (key.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.OrdinalIgnoreCase))
            AddBinary(metadata, key, value);
        else if (IsValidKey(key) && value.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0)
            metadata.Add(key, value);
    }

    private static void AddBinary(Metadata metadata, string key, string value)
    {
        if (!IsValidKey(key))
            return;
        foreach (var part in value.Split(',', StringSplitOptions.TrimEntries))
        {
            if (TryDecodeBase64(part, out var bytes))
                metadata.Add(key, bytes);
        }
    }

    private static bool IsValidKey(string key) => key.Length > 0 && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-');

    private static bool TryDecodeBase64(string text, out byte[] bytes)
    {
        var unpadded = text.TrimEnd('=');
        var padded = unpadded + new string('=', (4 - unpadded.Length % 4) % 4);
        bytes = new byte[padded.Length / 4 * 3];
        if (!Convert.TryFromBase64String(padded, bytes, out var count))
            return false;
        Array.Resize(ref bytes, count);
        return true;
    }
}
