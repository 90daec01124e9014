// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace ClusterManager.Consul;

/// <summary>Durations as Consul writes them.</summary>
internal static class ConsulDuration
{
    /// <summary>Formats to whole milliseconds, e.g. "1500ms"; "0s" for zero.</summary>
    public static string Format(TimeSpan duration) => duration == TimeSpan.Zero
        ? "0s"
        : string.Create(CultureInfo.InvariantCulture, $"{(long)duration.TotalMilliseconds}ms");

    /// <summary>From nanoseconds, which answers carry.</summary>
    public static TimeSpan FromNanoseconds(long nanoseconds) => TimeSpan.FromTicks(nanoseconds / TimeSpan.NanosecondsPerTick);
}
