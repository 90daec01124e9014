// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace ClusterManager.Cli.Compose.Values;

/// <summary>Durations as compose and the flags write them: <c>1m30s</c>, <c>500ms</c>, <c>1.5h</c>; units us, ms, s, m, h, d, w.</summary>
public static class DurationText
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    /// <summary>What is allowed, for messages.</summary>
    public const string Allowed = "a duration like 10s, 1m30s or 500ms (units us, ms, s, m, h, d, w)";

    /// <summary>Reads a duration. A number without a unit is refused, except 0.</summary>
    public static bool TryParse(string text, out TimeSpan value)
    {
        ArgumentNullException.ThrowIfNull(text);
        value = TimeSpan.Zero;
        if (text == "0") return true;
        var at = 0;
        while (at < text.Length)
        {
            var digits = at;
            while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] == '.')) at++;
            var unit = at;
            while (at < text.Length && char.IsAsciiLetter(text[at])) at++;
            if (!decimal.TryParse(text.AsSpan(digits, unit - digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
                out var count)) return false;
            if (TicksOf(text[unit..at]) is not { } ticks || count > 1_000_000_000_000m) return false;
            var sum = (count * ticks) + value.Ticks;
            if (sum > Longest.Ticks) return false;
            value = TimeSpan.FromTicks((long)sum);
        }

        return text.Length > 0;
    }

    /// <summary>The shortest exact text, for example <c>1m30s</c>; zero is <c>0s</c>.</summary>
    public static string Format(TimeSpan value)
    {
        if (value < TimeSpan.FromMilliseconds(1)) return "0s";
        var text = new StringBuilder();
        var hours = (long)value.TotalHours;
        if (hours > 0) text.Append(CultureInfo.InvariantCulture, $"{hours}h");
        if (value.Minutes > 0) text.Append(CultureInfo.InvariantCulture, $"{value.Minutes}m");
        if (value.Seconds > 0) text.Append(CultureInfo.InvariantCulture, $"{value.Seconds}s");
        if (value.Milliseconds > 0) text.Append(CultureInfo.InvariantCulture, $"{value.Milliseconds}ms");
        return text.ToString();
    }

    private static long? TicksOf(string unit) => unit switch
    {
        "us" => TimeSpan.TicksPerMicrosecond,
        "ms" => TimeSpan.TicksPerMillisecond,
        "s" => TimeSpan.TicksPerSecond,
        "m" => TimeSpan.TicksPerMinute,
        "h" => TimeSpan.TicksPerHour,
        "d" => TimeSpan.TicksPerDay,
        "w" => 7 * TimeSpan.TicksPerDay,
        _ => null,
    };
}
