// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace ClusterManager.Telemetry;

/// <summary>One series that measurements are added to. Thread-safe; a measurement costs one short lock of its own series.</summary>
internal sealed class MetricSeries(MetricLabels labels, ImmutableArray<double> bounds)
{
    private readonly Lock _lock = new();
    private readonly long[]? _counts = bounds.IsDefault ? null : new long[bounds.Length + 1];
    private double _value;

    public void Add(double value)
    {
        lock (_lock) _value += value;
    }

    public void Set(double value)
    {
        lock (_lock) _value = value;
    }

    public void Observe(double value)
    {
        var bucket = 0;
        while (bucket < bounds.Length && value > bounds[bucket]) bucket++;
        lock (_lock)
        {
            _value += value;
            _counts![bucket]++;
        }
    }

    public MetricSample Read()
    {
        lock (_lock)
            return new MetricSample(labels, _value, _counts is null ? null : new HistogramCounts(bounds, [.. _counts]));
    }
}
