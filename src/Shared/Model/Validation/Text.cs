// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace ClusterManager.Model;

/// <summary>Figures as people read them, the same everywhere.</summary>
public static class Text
{
    /// <summary>A duration: <c>250ms</c>, <c>4.5s</c>, <c>3m</c>, <c>1h30m</c>, <c>2d</c>.</summary>
    public static string Duration(TimeSpan span)
    {
        if (span < TimeSpan.Zero) return "-" + Duration(span == TimeSpan.MinValue ? TimeSpan.MaxValue : span.Negate());
        if (span < TimeSpan.FromSeconds(1)) return Invariant($"{(long)span.TotalMilliseconds}ms");
        if (span < TimeSpan.FromMinutes(1)) return Invariant($"{Math.Round(span.TotalSeconds, 1):0.#}s");
        if (span < TimeSpan.FromHours(1)) return Pair((long)span.TotalMinutes, "m", span.Seconds, "s");
        if (span < TimeSpan.FromDays(1)) return Pair((long)span.TotalHours, "h", span.Minutes, "m");
        return Pair((long)span.TotalDays, "d", span.Hours, "h");
    }

    /// <summary>A size in powers of 1024: <c>512 B</c>, <c>1.5 GB</c>.</summary>
    public static string Bytes(long bytes)
    {
        if (bytes < 0) return "-" + Bytes(bytes == long.MinValue ? long.MaxValue : -bytes);
        ReadOnlySpan<string> units = ["B", "KB", "MB", "GB", "TB", "PB"];
        double value = bytes;
        var unit = 0;
        while (value >= 1024 && unit < units.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        return unit == 0 ? Invariant($"{bytes} B") : Invariant($"{value:0.#} {units[unit]}");
    }

    /// <summary>CPU in cores: <c>0.5</c>, <c>2</c>.</summary>
    public static string Cpu(long nano) => (nano / 1e9).ToString("0.##", CultureInfo.InvariantCulture);

    private static string Pair(long big, string bigUnit, int small, string smallUnit) =>
        small == 0 ? Invariant($"{big}{bigUnit}") : Invariant($"{big}{bigUnit}{small}{smallUnit}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
