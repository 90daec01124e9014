// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace ClusterManager.Telemetry;

/// <summary>All series of one metric at one moment.</summary>
/// <param name="Name">As in <see cref="TelemetryNames"/>, with dots.</param>
/// <param name="Unit"><c>s</c>, <c>By</c>, or a word in braces that is not shown.</param>
/// <param name="Help">What it says, in a sentence.</param>
/// <param name="Kind">How to read it.</param>
/// <param name="Samples">One for each set of labels.</param>
public sealed record MetricFamily(string Name, string Unit, string Help, MetricKind Kind, ImmutableArray<MetricSample> Samples);

/// <summary>One series at one moment.</summary>
/// <param name="Labels">What tells it from the others.</param>
/// <param name="Value">Of a gauge or counter; the sum of a histogram.</param>
/// <param name="Histogram">Null unless it is one.</param>
public sealed record MetricSample(MetricLabels Labels, double Value, HistogramCounts? Histogram = null);

/// <summary>A histogram's counts.</summary>
/// <param name="Bounds">Upper bounds, growing; the last bucket has none.</param>
/// <param name="Counts">One more than bounds; not cumulated.</param>
public sealed record HistogramCounts(ImmutableArray<double> Bounds, ImmutableArray<long> Counts)
{
    /// <summary>All values.</summary>
    public long Count => Counts.Sum();
}
