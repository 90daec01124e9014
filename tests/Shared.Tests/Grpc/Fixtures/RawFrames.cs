// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Text;

namespace ClusterManager.Shared.Tests.Grpc.Fixtures;

/// <summary>HTTP/2 frames by hand (RFC 9113, section 4.1), with header blocks of literals only (RFC 7541, section 6.2.2).</summary>
internal static class RawFrames
{
    public const byte Data = 0;
    public const byte Headers = 1;
    public const byte Reset = 3;
    public const byte Settings = 4;
    public const byte Ping = 6;
    public const byte GoAway = 7;
    public const byte WindowUpdate = 8;
    public const byte EndStream = 1;
    public const byte Acknowledge = 1;
    public const byte EndHeaders = 4;
    public const int HeadBytes = 9;

    /// <summary>What a client says first.</summary>
    public static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    /// <summary>Settings that forbid the peer a dynamic table: its header blocks are then readable as they are.</summary>
    public static byte[] PlainSettings => Frame(Settings, 0, 0, [0, 1, 0, 0, 0, 0]);

    /// <summary>A frame.</summary>
    public static byte[] Frame(byte type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        var frame = new byte[HeadBytes + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        frame[3] = type;
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame.AsSpan(HeadBytes));
        return frame;
    }

    /// <summary>A frame of one number: a reset, a window's update.</summary>
    public static byte[] Number(byte type, int stream, int number)
    {
        Span<byte> payload = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(payload, number);
        return Frame(type, 0, stream, payload);
    }

    /// <summary>A header block.</summary>
    public static byte[] Block(params IEnumerable<(string Key, string Value)> headers)
    {
        using var block = new MemoryStream();
        foreach (var (key, value) in headers)
        {
            block.WriteByte(0);
            WriteString(block, key);
            WriteString(block, value);
        }

        return block.ToArray();
    }

    /// <summary>The value of a literal header in a block that a peer without a dynamic table wrote; null: it is not there.</summary>
    public static string? Find(ReadOnlySpan<byte> block, string key)
    {
        var name = Encoding.ASCII.GetBytes(key);
        var at = block.IndexOf(name);
        if (at < 0 || at + name.Length >= block.Length) return null;
        var length = block[at + name.Length] & 0x7F;
        var start = at + name.Length + 1;
        return start + length <= block.Length ? Encoding.ASCII.GetString(block.Slice(start, length)) : null;
    }

    // Lengths of 127 and more go on in further bytes (RFC 7541, section 5.1).
    private static void WriteString(MemoryStream block, string text)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        if (bytes.Length < 127) block.WriteByte((byte)bytes.Length);
        else
        {
            block.WriteByte(127);
            var rest = bytes.Length - 127;
            for (; rest >= 128; rest >>= 7) block.WriteByte((byte)(rest % 128 + 128));
            block.WriteByte((byte)rest);
        }

        block.Write(bytes);
    }
}
