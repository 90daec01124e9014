// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net.Http.Headers;

namespace ClusterManager.Registry;

/// <summary>
/// How long a server asks to be left alone: <c>Retry-After</c> (RFC 9110), else the reset of the RateLimit headers, in the form of the
/// first drafts (<c>RateLimit-Reset: 30</c>) and of the later ones (<c>RateLimit: "default";r=0;t=30</c>). Pure.
/// </summary>
internal static class RetryDelay
{
    /// <summary>For a refusal that names no time.</summary>
    public static readonly TimeSpan WhenUnsaid = TimeSpan.FromMinutes(1);

    /// <summary>Nobody is obeyed for longer.</summary>
    public static readonly TimeSpan Max = TimeSpan.FromDays(1);

    /// <summary>The delay; null: the headers name none.</summary>
    public static TimeSpan? Of(HttpResponseHeaders headers, DateTimeOffset now)
    {
        foreach (var text in Values(headers, "Retry-After"))
        {
            if (Seconds(text) is { } delay) return delay;
            if (DateTimeOffset.TryParseExact(text, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date))
                return Bound(date - now);
        }

        foreach (var text in Values(headers, "RateLimit-Reset"))
        {
            if (Seconds(text) is { } delay) return delay;
        }

        foreach (var text in Values(headers, "RateLimit"))
        {
            foreach (var part in text.Split([';', ','], StringSplitOptions.TrimEntries))
            {
                if (part.StartsWith("t=", StringComparison.Ordinal) && Seconds(part[2..]) is { } delay) return delay;
            }
        }

        return null;
    }

    private static TimeSpan? Seconds(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? Bound(TimeSpan.FromSeconds(Math.Min(seconds, (long)Max.TotalSeconds)))
            : null;

    private static TimeSpan Bound(TimeSpan delay) => delay < TimeSpan.Zero ? TimeSpan.Zero : delay > Max ? Max : delay;

    private static IEnumerable<string> Values(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues(name, out var values) ? values.Select(value => value.Trim()) : [];
}
