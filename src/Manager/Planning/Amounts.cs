// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace ClusterManager.Manager.Planning;

/// <summary>Amounts as operators read them.</summary>
internal static class Amounts
{
    private static readonly (double Size, string Unit)[] Units = [(1L << 40, "TB"), (1L << 30, "GB"), (1L << 20, "MB"), (1L << 10, "KB")];

    /// <summary>Bytes in powers of 1024, one decimal: <c>2.0 GB</c>.</summary>
    public static string Bytes(long bytes)
    {
        foreach (var (size, unit) in Units)
            if (Math.Abs(bytes) >= size) return string.Create(CultureInfo.InvariantCulture, $"{bytes / size:0.0} {unit}");
        return string.Create(CultureInfo.InvariantCulture, $"{bytes} B");
    }

    /// <summary>CPU in cores, at most two decimals: <c>0.25</c>.</summary>
    public static string Cores(long nano) => string.Create(CultureInfo.InvariantCulture, $"{nano / 1e9:0.##}");

    /// <summary>A span as its largest whole unit: <c>90 s</c>, <c>5 min</c>, <c>2 h</c>.</summary>
    public static string Span(TimeSpan span)
    {
        if (span >= TimeSpan.FromHours(1) && span.TotalMinutes % 60 == 0)
            return string.Create(CultureInfo.InvariantCulture, $"{span.TotalHours:0} h");
        if (span >= TimeSpan.FromMinutes(2) && span.TotalSeconds % 60 == 0)
            return string.Create(CultureInfo.InvariantCulture, $"{span.TotalMinutes:0} min");
        return string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.#} s");
    }

    /// <summary>How long ago, roughly: <c>40s</c>, <c>6m</c>, <c>3h</c>, <c>2d</c>.</summary>
    public static string Age(TimeSpan age) => age switch
    {
        _ when age < TimeSpan.FromMinutes(2) => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, (int)age.TotalSeconds)}s"),
        _ when age < TimeSpan.FromHours(2) => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalMinutes}m"),
        _ when age < TimeSpan.FromDays(2) => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalHours}h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalDays}d"),
    };
}
