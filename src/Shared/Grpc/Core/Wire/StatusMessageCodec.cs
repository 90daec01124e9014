// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Grpc.Core.Wire;

/// <summary>The value of <c>grpc-message</c>: UTF-8 with everything but printable ASCII, and the percent sign, percent-encoded.</summary>
internal static class StatusMessageCodec
{
    // Kestrel and its peers limit all headers together to 32 KB; a longer text would lose the status itself.
    private const int MaxEncodedChars = 8 * 1024;

    /// <summary>Encodes a text. What would pass 8 KB is cut off at a whole character.</summary>
    public static string Encode(string text)
    {
        if (text.Length <= MaxEncodedChars && IsPlain(text))
            return text;
        var encoded = new StringBuilder(text.Length + 16);
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            var bytes = utf8[..rune.EncodeToUtf8(utf8)];
            if (encoded.Length + 3 * bytes.Length > MaxEncodedChars)
                break;
            AppendEncoded(encoded, bytes);
        }

        return encoded.ToString();
    }

    /// <summary>Decodes a text. Bad escapes stay as they are: a broken message must not hide the status.</summary>
    public static string Decode(string value)
    {
        if (!value.Contains('%'))
            return value;
        var bytes = new List<byte>(value.Length);
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == '%' && i + 2 < value.Length && char.IsAsciiHexDigit(value[i + 1]) && char.IsAsciiHexDigit(value[i + 2]))
            {
                bytes.Add(Convert.FromHexString(value.AsSpan(i + 1, 2))[0]);
                i += 2;
            }
            else
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(value, i, 1));
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    private static bool IsPlain(string text) => text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0 && !text.Contains('%');

    private static void AppendEncoded(StringBuilder encoded, ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes)
        {
            if (b is >= 0x20 and <= 0x7E and not (byte)'%')
                encoded.Append((char)b);
            else
                encoded.Append('%').Append(Convert.ToHexString([b]));
        }
    }
}
