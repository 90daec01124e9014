// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.Metrics;

namespace ClusterManager.Telemetry;

/// <summary>
/// Keeps the newest values of the instruments of some meters, to be read when somebody asks. Instruments that are asked (observable ones)
/// are asked at each reading, on the reader's thread. Thread-safe.
/// </summary>
/// <remarks>A metric has at most <see cref="SeriesMax"/> series; what would be more is dropped and counted.</remarks>
public sealed class MetricStore : IDisposable
{
    /// <summary>Most series of one metric.</summary>
    public const int SeriesMax = 20_000;

    private readonly Lock _reading = new();
    private readonly ConcurrentDictionary<Instrument, MetricCollector> _collectors = new();
    private readonly MeterListener _listener = new();
    private readonly object? _scope;
    private readonly int _seriesMax;
    private long _dropped;

    /// <summary>Begins to listen.</summary>
    /// <param name="meters">Names of the meters.</param>
    /// <param name="scope">Meters that belong to somebody are listened to only when it is this one; null: to none of those.</param>
    /// <param name="seriesMax">Most series of one metric.</param>
    public MetricStore(ImmutableArray<string> meters, object? scope = null, int seriesMax = SeriesMax)
    {
        _scope = scope;
        _seriesMax = seriesMax;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            var meter = instrument.Meter;
            if (!meters.Contains(meter.Name) || (meter.Scope is not null && !ReferenceEquals(meter.Scope, _scope))) return;
            listener.EnableMeasurementEvents(instrument, _collectors.GetOrAdd(instrument, Collect));
        };
        _listener.MeasurementsCompleted = (instrument, _) => _collectors.TryRemove(instrument, out var _);
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, state) => ((MetricCollector)state!).Take(value, tags));
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, state) => ((MetricCollector)state!).Take(value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, state) => ((MetricCollector)state!).Take(value, tags));
        _listener.Start();
    }

    /// <summary>All metrics that have a series, by name.</summary>
    public ImmutableArray<MetricFamily> Read()
    {
        lock (_reading)
        {
            foreach (var collector in _collectors.Values) collector.Forget();
            _listener.RecordObservableInstruments();
            return
            [
                .. _collectors.Values.Select(collector => collector.Read()).Append(DroppedFamily())
                    .GroupBy(family => family.Name, StringComparer.Ordinal)
                    .Select(same => same.First() with { Samples = [.. same.SelectMany(one => one.Samples)] })
                    .Where(family => family.Samples.Length > 0)
                    .OrderBy(family => family.Name, StringComparer.Ordinal),
            ];
        }
    }

    /// <summary>Every metric that is listened to, without series.</summary>
    public ImmutableArray<MetricFamily> Describe() =>
        [.. _collectors.Values.Select(collector => collector.Describe()).Append(DroppedFamily() with { Samples = [] })];

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private MetricCollector Collect(Instrument instrument) => new(instrument, _seriesMax, () => Interlocked.Increment(ref _dropped));

    private MetricFamily DroppedFamily() => new(
        TelemetryNames.Dropped, "{measurement}", "Measurements dropped because their metric has its most series.", MetricKind.Counter,
        [new MetricSample(default, Interlocked.Read(ref _dropped))]);
}
