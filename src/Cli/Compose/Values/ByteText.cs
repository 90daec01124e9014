// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace ClusterManager.Cli.Compose.Values;

/// <summary>Sizes as compose and the flags write them: <c>512m</c>, <c>1gb</c>, <c>1.5g</c>, a bare number of bytes. Units are powers of
/// 1024, as Docker's are.</summary>
public static class ByteText
{
    /// <summary>What is allowed, for messages.</summary>
    public const string Allowed = "a size like 512m, 1gb or 1048576 (units b, k, m, g, t, each also as kb or kib; 1k is 1024)";

    /// <summary>Reads a size in bytes.</summary>
    public static bool TryParse(string text, out long bytes)
    {
        ArgumentNullException.ThrowIfNull(text);
        bytes = 0;
        var unit = text.Length;
        while (unit > 0 && !char.IsAsciiDigit(text[unit - 1]) && text[unit - 1] != '.') unit--;
        if (!decimal.TryParse(text.AsSpan(0, unit), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count))
            return false;
        if (FactorOf(text[unit..].Trim()) is not { } factor || count > 1_000_000_000_000_000_000m) return false;
        var sum = count * factor;
        if (sum > long.MaxValue) return false;
        bytes = (long)sum;
        return true;
    }

    private static long? FactorOf(string unit) => unit.ToUpperInvariant() switch
    {
        "" or "B" => 1,
        "K" or "KB" or "KIB" => 1L << 10,
        "M" or "MB" or "MIB" => 1L << 20,
        "G" or "GB" or "GIB" => 1L << 30,
        "T" or "TB" or "TIB" => 1L << 40,
        _ => null,
    };
}
