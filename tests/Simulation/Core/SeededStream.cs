// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace ClusterManager.Simulation.Core;

/// <summary>
/// Chance for one concern, from the run's seed and the concern's name (SplitMix64): a further draw in one concern changes no other.
/// </summary>
internal sealed class SeededStream
{
    private ulong _state;

    /// <summary>The stream of one concern of one run.</summary>
    public SeededStream(ulong seed, string concern)
    {
        var hash = 14695981039346656037UL;
        foreach (var unit in Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"{seed}/{concern}"))) hash = (hash ^ unit) * 1099511628211UL;
        _state = hash;
    }

    /// <summary>64 bits.</summary>
    public ulong Next()
    {
        var mixed = _state += 0x9E3779B97F4A7C15UL;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9UL;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>From 0 up to, not including, 1.</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>From 0 up to, not including, <paramref name="count"/>.</summary>
    public int Below(int count) => (int)(Next() % (ulong)count);

    /// <summary>True so often.</summary>
    public bool Chance(double probability) => Unit() < probability;

    /// <summary>A duration within the range, in milliseconds.</summary>
    public TimeSpan Between(double fromMilliseconds, double toMilliseconds) =>
        TimeSpan.FromMicroseconds(Math.Round((fromMilliseconds + (Unit() * (toMilliseconds - fromMilliseconds))) * 1000));

    /// <summary>The time to the next of events that come so far apart on average.</summary>
    public TimeSpan Exponential(TimeSpan mean) => TimeSpan.FromMilliseconds(Math.Round(-Math.Log(1 - Unit()) * mean.TotalMilliseconds));

    /// <summary>One of them.</summary>
    public T Pick<T>(IReadOnlyList<T> items) => items[Below(items.Count)];
}
