// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Consul;

/// <summary>The pause between failures of a watch. Pure: the same watcher and attempt give the same pause.</summary>
internal static class WatchBackoff
{
    /// <summary>min × 2^(attempt−1), at most max, of which a part between 50 % and 100 % is taken.</summary>
    /// <param name="options">Bounds and seed.</param>
    /// <param name="attempt">1 for the first failure in a row.</param>
    public static TimeSpan Delay(WatchOptions options, int attempt)
    {
        // 2^20 times any sensible minimum is beyond any sensible maximum; without the bound the shift would overflow.
        var doublings = Math.Clamp(attempt - 1, 0, 20);
        var ticks = Math.Min(options.BackoffMin.Ticks * (double)(1L << doublings), options.BackoffMax.Ticks);
        return TimeSpan.FromTicks((long)(ticks * (0.5 + (0.5 * Fraction(options.Seed, attempt)))));
    }

    // A mixing of bits after splitmix64: neighbouring seeds and attempts give unrelated fractions.
    private static double Fraction(int seed, int attempt)
    {
        unchecked
        {
            var x = ((ulong)(uint)seed << 32) + (uint)attempt + 0x9E3779B97F4A7C15UL;
            x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9UL;
            x = (x ^ (x >> 27)) * 0x94D049BB133111EBUL;
            return ((x ^ (x >> 31)) >> 11) / (double)(1UL << 53);
        }
    }
}
