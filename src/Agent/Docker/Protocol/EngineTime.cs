// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace ClusterManager.Agent.Docker;

/// <summary>The engine's notations of time. Pure.</summary>
internal static class EngineTime
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Nanoseconds since 1970 as a time; cut to 100 ns.</summary>
    public static DateTimeOffset FromUnixNanoseconds(long nanoseconds) => DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / 100);

    /// <summary>The form of <c>since</c> and <c>until</c>: seconds, a point, nine digits.</summary>
    public static string ToParameter(long nanoseconds) =>
        string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / NanosecondsPerSecond}.{nanoseconds % NanosecondsPerSecond:D9}");

    /// <summary>Reads RFC 3339 with up to nine fractional digits. Go's zero time (year 1), the engine's "never", is null.</summary>
    public static DateTimeOffset? ParseOptional(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time.Year > 1
            ? time.ToUniversalTime()
            : null;

    /// <summary>Reads the time that the engine puts before a log line: RFC 3339 with nine fractional digits, always UTC.</summary>
    /// <param name="text">Such as <c>2026-01-02T03:04:05.000000006Z</c>.</param>
    /// <param name="unixNanoseconds">The time, when the text is one.</param>
    /// <returns>False when the text is something else.</returns>
    public static bool TryParseLogTime(ReadOnlySpan<char> text, out long unixNanoseconds)
    {
        unixNanoseconds = 0;
        var dot = text.IndexOf('.');
        if (dot < 0 || text.Length != dot + 11 || text[^1] != 'Z')
            return false;
        if (!long.TryParse(text[(dot + 1)..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var fraction))
            return false;
        if (!DateTimeOffset.TryParseExact(
                text[..dot], "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var seconds))
            return false;
        unixNanoseconds = (seconds.ToUnixTimeSeconds() * NanosecondsPerSecond) + fraction;
        return true;
    }
}
