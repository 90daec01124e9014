// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace ClusterManager.Benchmarks.Common;

/// <summary>Measured values, and what is told of them.</summary>
internal sealed class Sample
{
    private readonly List<double> values = [];

    /// <summary>How many.</summary>
    public int Count => values.Count;

    /// <summary>The middle one.</summary>
    public double Median => Percentile(50);

    /// <summary>The greatest.</summary>
    public double Worst => Percentile(100);

    /// <summary>All of them, in the order of measuring.</summary>
    public IReadOnlyList<double> Values => values;

    /// <summary>One value more.</summary>
    public void Add(double value) => values.Add(value);

    /// <summary>The value below or at which so many percent lie (nearest rank); NaN when nothing was measured.</summary>
    public double Percentile(double percent)
    {
        if (values.Count == 0) return double.NaN;
        var sorted = values.Order().ToList();
        var rank = (int)Math.Ceiling(percent / 100 * sorted.Count);
        return sorted[Math.Clamp(rank - 1, 0, sorted.Count - 1)];
    }

    /// <summary>Median and worst in seconds, for a table.</summary>
    public string Seconds() => Count == 0 ? "-" : string.Create(CultureInfo.InvariantCulture, $"{Median:0.00} s, worst {Worst:0.00} s");
}
