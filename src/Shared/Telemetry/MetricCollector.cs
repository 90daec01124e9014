// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.Metrics;

namespace ClusterManager.Telemetry;

/// <summary>Takes the measurements of one instrument.</summary>
internal sealed class MetricCollector
{
    private readonly ConcurrentDictionary<MetricLabels, MetricSeries> _series = new();
    private readonly Instrument _instrument;
    private readonly ImmutableArray<double> _bounds;
    private readonly int _seriesMax;
    private readonly Action _dropped;

    public MetricCollector(Instrument instrument, int seriesMax, Action dropped)
    {
        _instrument = instrument;
        _seriesMax = seriesMax;
        _dropped = dropped;
        Kind = KindOf(instrument.GetType().Name);
        var advised = (instrument as Instrument<double>)?.Advice?.HistogramBucketBoundaries;
        if (Kind == MetricKind.Histogram) _bounds = [.. advised ?? Buckets.Calls.HistogramBucketBoundaries!];
    }

    public MetricKind Kind { get; }

    /// <summary>The instrument is asked for everything at each collection: what it does not name any more is gone.</summary>
    public void Forget()
    {
        if (_instrument.IsObservable) _series.Clear();
    }

    public void Take(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = MetricLabels.Of(tags);
        if (!_series.TryGetValue(labels, out var series))
        {
            if (_series.Count >= _seriesMax)
            {
                _dropped();
                return;
            }

            series = _series.GetOrAdd(labels, static (key, bounds) => new MetricSeries(key, bounds), _bounds);
        }

        if (Kind == MetricKind.Histogram) series.Observe(value);
        else if (_instrument.IsObservable || Kind == MetricKind.Gauge) series.Set(value);
        else series.Add(value);
    }

    public MetricFamily Describe() => new(_instrument.Name, _instrument.Unit ?? "", _instrument.Description ?? "", Kind, []);

    public MetricFamily Read() => Describe() with { Samples = [.. _series.Values.Select(series => series.Read())] };

    // "Histogram`1", "ObservableCounter`1": an up-down counter is a gauge to whoever reads it.
    private static MetricKind KindOf(string type) =>
        type.StartsWith("Histogram", StringComparison.Ordinal) ? MetricKind.Histogram
        : type.StartsWith("Counter", StringComparison.Ordinal) || type.StartsWith("ObservableCounter", StringComparison.Ordinal)
            ? MetricKind.Counter
        : MetricKind.Gauge;
}
