// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Grpc.Core.Wire;

/// <summary>The value of <c>grpc-timeout</c>: up to eight digits and a unit.</summary>
internal static class TimeoutCodec
{
    private const long MaxDigits = 99_999_999;

    // From fine to coarse: the finest unit that fits in eight digits loses least.
    private static readonly (char Unit, long Ticks)[] Units =
    [
        ('m', TimeSpan.TicksPerMillisecond),
        ('S', TimeSpan.TicksPerSecond),
        ('M', TimeSpan.TicksPerMinute),
        ('H', TimeSpan.TicksPerHour),
    ];

    /// <summary>Rounds up, so that the server never gives up before the client; at least one millisecond, at most 99999999 hours.</summary>
    public static string Encode(TimeSpan timeout)
    {
        var ticks = Math.Max(timeout.Ticks, 1);
        foreach (var (unit, unitTicks) in Units)
        {
            var count = (ticks - 1) / unitTicks + 1;
            if (count <= MaxDigits)
                return string.Create(CultureInfo.InvariantCulture, $"{count}{unit}");
        }

        return "99999999H";
    }

    /// <summary>False when the value is malformed. A timeout beyond what TimeSpan holds counts as its greatest value.</summary>
    public static bool TryDecode(ReadOnlySpan<char> value, out TimeSpan timeout)
    {
        timeout = default;
        if (value.Length is < 2 or > 9 || value[..^1].ContainsAnyExceptInRange('0', '9'))
            return false;
        var count = long.Parse(value[..^1], CultureInfo.InvariantCulture);
        long? ticks = value[^1] switch
        {
            'n' => (count + 99) / 100,
            'u' => count * TimeSpan.TicksPerMicrosecond,
            'm' => count * TimeSpan.TicksPerMillisecond,
            'S' => count * TimeSpan.TicksPerSecond,
            'M' => count * TimeSpan.TicksPerMinute,
            'H' => count * TimeSpan.TicksPerHour,
            _ => null,
        };
        timeout = new TimeSpan(ticks ?? 0);
        return ticks is not null;
    }
}
