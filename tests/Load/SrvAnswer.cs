// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using System.Text;

namespace ClusterManager.Load;

/// <summary>Where a name leads, and for how long that may be believed.</summary>
/// <param name="Endpoints">In the answer's order; empty: the name is not known, or has no place now.</param>
/// <param name="Lifetime">The smallest time to live of its records.</param>
public sealed record SrvAnswer(ImmutableArray<IPEndPoint> Endpoints, TimeSpan Lifetime)
{
    private const int HeaderBytes = 12;
    private const ushort TypeA = 1;
    private const ushort TypeSrv = 33;
    private const int NameUnknown = 3;

    /// <summary>Reads the server's datagram; null when it is not the answer to the question with this id, or says that it failed.</summary>
    /// <param name="data">The datagram.</param>
    /// <param name="id">The question's number.</param>
    /// <param name="port">Addresses were asked for, and this is their port. They may be believed for no time.</param>
    public static SrvAnswer? Read(ReadOnlySpan<byte> data, ushort id, int? port = null)
    {
        if (data.Length < HeaderBytes || BinaryPrimitives.ReadUInt16BigEndian(data) != id) return null;
        if ((data[3] & 0x0f) is not (0 or NameUnknown)) return null;
        try
        {
            return ReadRecords(data, port);
        }
        catch (ArgumentOutOfRangeException)
        {
            return null; // cut off in the middle of a record
        }
    }

    private static SrvAnswer ReadRecords(ReadOnlySpan<byte> data, int? port)
    {
        var at = HeaderBytes;
        for (var i = 0; i < Number(data, 4); i++) at = ReadName(data, at, out _) + 4;
        var targets = new List<(string Name, int Port)>();
        var addresses = new Dictionary<string, IPAddress>(StringComparer.OrdinalIgnoreCase);
        var found = new List<IPAddress>();
        var seconds = uint.MaxValue;
        for (var i = Number(data, 6) + Number(data, 8) + Number(data, 10); i > 0; i--)
        {
            at = ReadName(data, at, out var owner);
            var type = Number(data, at);
            var (length, content) = (Number(data, at + 8), at + 10);
            if (type is TypeA or TypeSrv) seconds = Math.Min(seconds, BinaryPrimitives.ReadUInt32BigEndian(data[(at + 4)..]));
            if (type == TypeA) found.Add(addresses[owner] = new IPAddress(data.Slice(content, 4)));
            if (type == TypeSrv)
            {
                ReadName(data, content + 6, out var target);
                targets.Add((target, Number(data, content + 4)));
            }

            at = content + length;
        }

        if (port is { } one) return new SrvAnswer([.. found.Select(address => new IPEndPoint(address, one))], TimeSpan.Zero);
        var endpoints = targets.Where(target => addresses.ContainsKey(target.Name))
            .Select(target => new IPEndPoint(addresses[target.Name], target.Port)).Distinct();
        return new SrvAnswer([.. endpoints], TimeSpan.FromSeconds(seconds == uint.MaxValue ? 0 : seconds));
    }

    private static int Number(ReadOnlySpan<byte> data, int at) => BinaryPrimitives.ReadUInt16BigEndian(data[at..]);

    // Returns where the name ends; one that points elsewhere (RFC 1035, 4.1.4) ends with its pointer.
    private static int ReadName(ReadOnlySpan<byte> data, int at, out string name)
    {
        var text = new StringBuilder();
        int? end = null;
        for (var jumps = 0; jumps < 20;)
        {
            int length = data.Slice(at, 1)[0];
            if (length >= 0xc0)
            {
                end ??= at + 2;
                at = Number(data, at) & 0x3fff;
                jumps++;
                continue;
            }

            if (length == 0) break;
            text.Append(Encoding.ASCII.GetString(data.Slice(at + 1, length))).Append('.');
            at += length + 1;
        }

        name = text.ToString();
        return end ?? at + 1;
    }
}
