// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace ClusterManager.Cli.Output;

/// <summary>Times for tables (relative) and for JSON (RFC 3339, UTC).</summary>
internal static class TimeText
{
    /// <summary>"4m ago"; "-" for the zero time. What lies ahead is "in 4m".</summary>
    public static string Ago(long unixMs, DateTimeOffset now)
    {
        if (unixMs <= 0) return "-";
        var age = now - DateTimeOffset.FromUnixTimeMilliseconds(unixMs);
        return age < TimeSpan.FromSeconds(-1) ? $"in {Span(-age)}" : $"{Span(age)} ago";
    }

    /// <summary>The largest unit only: <c>9s</c>, <c>4m</c>, <c>3h</c>, <c>12d</c>.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 1 } => "0s",
        { TotalSeconds: < 60 } => Text((long)span.TotalSeconds, "s"),
        { TotalMinutes: < 60 } => Text((long)span.TotalMinutes, "m"),
        { TotalHours: < 48 } => Text((long)span.TotalHours, "h"),
        _ => Text((long)span.TotalDays, "d"),
    };

    /// <summary>Exact to a tenth of a second below a minute: <c>3.2s</c>, <c>1m05s</c>.</summary>
    public static string Took(TimeSpan span) => span.TotalSeconds < 60
        ? span.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + "s"
        : string.Create(CultureInfo.InvariantCulture, $"{(long)span.TotalMinutes}m{span.Seconds:00}s");

    /// <summary>RFC 3339 in UTC with milliseconds; null for the zero time.</summary>
    public static string? Rfc3339(long unixMs) =>
        unixMs <= 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(unixMs)
            .ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>The time of day for change lines, UTC-free: as the machine's clock shows it.</summary>
    public static string Clock(TimeProvider time) => time.GetLocalNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Text(long count, string unit) => count.ToString(CultureInfo.InvariantCulture) + unit;
}
