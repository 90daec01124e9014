// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ClusterManager.Hosting.Time;

/// <summary>A hash that is the same in every process and on every machine, unlike <see cref="string.GetHashCode()"/>. Pure.</summary>
public static class StableHash
{
    /// <summary>A number in [0, 1) that depends on nothing but its arguments; evenly spread over ids and over numbers.</summary>
    public static double UnitInterval(string id, long number)
    {
        Span<byte> input = stackalloc byte[SHA256.HashSizeInBytes + sizeof(long)];
        SHA256.HashData(Encoding.UTF8.GetBytes(id), input);
        BinaryPrimitives.WriteInt64BigEndian(input[SHA256.HashSizeInBytes..], number);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(input, digest);
        // The upper 53 bits are what a double holds exactly.
        return (BinaryPrimitives.ReadUInt64BigEndian(digest) >> 11) * (1.0 / (1UL << 53));
    }
}
