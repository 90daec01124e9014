// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;

namespace ClusterManager.Shared.Tests.Grpc.Fuzz;

/// <summary>Draws inputs: good ones, good ones with a few faults, and noise. The same seed draws the same.</summary>
internal sealed class FuzzInputs(int seed)
{
    private static readonly string[] Corpus =
    [
        "0", "1S", "99999999H", "12n", "100m", "16", "plain text", "100%25", "%E2%98%BA", "%", "%4", "%zz", "AQID", "AQI=", "AQ,AQID, AQI=",
        "a,b", "grpc-status", "grpc-timeout", "x-trace", "raw-bin", "UPPER-Bin", "gzip", "identity", "application/grpc",
        "application/grpc+proto", "application/grpc;x", "text/html", "-1", "+0", "4294967296", "00", " 0 ",
    ];

    private readonly Random _random = new(seed);

    public int Seed { get; } = seed;

    public int Next(int max) => _random.Next(max);

    public bool Chance(double probability) => _random.NextDouble() < probability;

    /// <summary>A text of the corpus, mended or damaged.</summary>
    public string Text()
    {
        var text = Corpus[_random.Next(Corpus.Length)];
        if (Chance(0.2)) text += Corpus[_random.Next(Corpus.Length)];
        if (Chance(0.3)) return text;
        var chars = text.ToCharArray().ToList();
        for (var faults = 1 + _random.Next(4); faults > 0; faults--) Damage(chars);
        return new string([.. chars]);
    }

    /// <summary>A text that HTTP/2 carries in a header: no control characters, no line ends, Latin letters.</summary>
    public string HeaderText() => new([.. Text().Select(c => c is >= ' ' and <= '~' ? c : '.')]);

    /// <summary>Noise.</summary>
    public byte[] Bytes(int maxLength)
    {
        var bytes = new byte[_random.Next(maxLength + 1)];
        _random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>A few gRPC frames, mostly with faults: wrong flags, wrong lengths, cut ends.</summary>
    public byte[] Frames()
    {
        using var wire = new MemoryStream();
        Span<byte> prefix = stackalloc byte[5];
        for (var frames = _random.Next(4); frames >= 0; frames--)
        {
            var payload = Bytes(60);
            prefix[0] = (byte)(Chance(0.8) ? 0 : _random.Next(4) == 0 ? _random.Next(256) : 1);
            var length = Chance(0.85) ? (uint)payload.Length : Chance(0.5) ? (uint)_random.NextInt64(1L << 32) : (uint)_random.Next(100);
            BinaryPrimitives.WriteUInt32BigEndian(prefix[1..], length);
            wire.Write(prefix);
            wire.Write(payload);
        }

        var bytes = wire.ToArray();
        if (Chance(0.3)) bytes = bytes[.._random.Next(bytes.Length + 1)];
        if (bytes.Length > 0 && Chance(0.2)) bytes[_random.Next(bytes.Length)] ^= (byte)(1 << _random.Next(8));
        return bytes;
    }

    /// <summary>The bytes in pieces of random lengths.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Pieces(byte[] bytes)
    {
        for (var at = 0; at < bytes.Length;)
        {
            var length = Math.Min(bytes.Length - at, 1 + _random.Next(40));
            yield return bytes.AsMemory(at, length);
            at += length;
        }
    }

    private void Damage(List<char> chars)
    {
        var at = _random.Next(chars.Count + 1);
        var noise = (char)(Chance(0.7) ? _random.Next(32, 127) : Chance(0.5) ? _random.Next(0, 256) : _random.Next(0, 0x10000));
        if (chars.Count == 0 || Chance(0.4)) chars.Insert(at, noise);
        else if (Chance(0.5)) chars[at % chars.Count] = noise;
        else chars.RemoveAt(at % chars.Count);
    }
}
