// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace ClusterManager.Cli.Compose.Values;

/// <summary>CPU as a number of cores with up to nine decimals: <c>0.5</c>, <c>2</c>.</summary>
public static class CpuText
{
    /// <summary>What is allowed, for messages.</summary>
    public const string Allowed = "a number of cores like 0.5 or 2";

    /// <summary>Reads billionths of a core; more than zero, at most 100,000 cores.</summary>
    public static bool TryParse(string text, out long nano)
    {
        nano = 0;
        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var cores)) return false;
        if (cores is <= 0 or > 100_000) return false;
        nano = (long)(cores * 1_000_000_000m);
        return nano > 0;
    }
}
