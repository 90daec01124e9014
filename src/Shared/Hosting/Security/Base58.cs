// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace ClusterManager.Hosting.Security;

/// <summary>Base 58 with a fixed number of characters: no 0, O, I or l, no sign that a shell or a double click would split.</summary>
internal static class Base58
{
    private const string Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    /// <summary>
    /// The big-endian number in <paramref name="bytes"/>, padded with '1' (zero) to <paramref name="length"/> characters.
    /// </summary>
    internal static string Encode(ReadOnlySpan<byte> bytes, int length)
    {
        var number = new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
        var text = new char[length];
        for (var i = length - 1; i >= 0; i--)
        {
            number = BigInteger.DivRem(number, Alphabet.Length, out var digit);
            text[i] = Alphabet[(int)digit];
        }
        if (!number.IsZero) throw new ArgumentException("The bytes do not fit the length.", nameof(length));
        return new string(text);
    }

    internal static bool IsValid(string text) => text.All(c => Alphabet.Contains(c, StringComparison.Ordinal));
}
