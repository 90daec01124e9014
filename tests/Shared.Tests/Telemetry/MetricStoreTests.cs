// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.Metrics;
using ClusterManager.Telemetry;

namespace ClusterManager.Shared.Tests.Telemetry;

/// <summary>What a store keeps of measurements.</summary>
public sealed class MetricStoreTests : IDisposable
{
    private const string Name = "test.store";
    private readonly Meter _meter;
    private readonly MetricStore _store;

    public MetricStoreTests()
    {
        _meter = new Meter(new MeterOptions(Name) { Scope = this });
        _store = new MetricStore([Name], this, seriesMax: 3);
    }

    public void Dispose()
    {
        _store.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public void Counts_add_up_for_each_set_of_labels()
    {
        var counter = _meter.CreateCounter<long>("test.calls", "{call}", "Calls.");
        counter.Add(2, Tag("outcome", "ok"));
        counter.Add(3, Tag("outcome", "ok"));
        counter.Add(1, Tag("outcome", "failed"));
        var family = Read("test.calls");
        Assert.Equal(MetricKind.Counter, family.Kind);
        Assert.Equal([("failed", 1.0), ("ok", 5.0)], family.Samples.Select(one => (Label(one), one.Value)).Order());
    }

    [Fact]
    public void A_value_on_a_bound_counts_below_it_and_one_above_all_bounds_in_the_last_bucket()
    {
        var advice = new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 2] };
        var histogram = _meter.CreateHistogram("test.time", "s", "Time.", null, advice);
        foreach (var value in new[] { 0.5, 1, 1.5, 2, 9 }) histogram.Record(value);
        var sample = Assert.Single(Read("test.time").Samples);
        Assert.Equal([2L, 2L, 1L], sample.Histogram!.Counts.ToArray());
        Assert.Equal(14, sample.Value);
    }

    [Fact]
    public void What_an_observed_instrument_no_longer_names_is_gone()
    {
        string[] nodes = ["n1", "n2"];
        _meter.CreateObservableGauge("test.nodes", () => nodes.Select(node => new Measurement<double>(1, Tag("node", node))));
        Assert.Equal(["n1", "n2"], Read("test.nodes").Samples.Select(Label).Order());
        nodes = ["n2"];
        Assert.Equal(["n2"], Read("test.nodes").Samples.Select(Label));
    }

    [Fact]
    public void Series_beyond_the_most_are_dropped_and_counted()
    {
        var counter = _meter.CreateCounter<long>("test.many");
        for (var i = 0; i < 5; i++) counter.Add(1, Tag("id", $"{i}"));
        counter.Add(1, Tag("id", "0"));
        Assert.Equal(3, Read("test.many").Samples.Length);
        Assert.Equal(2, Assert.Single(Read(TelemetryNames.Dropped).Samples).Value);
    }

    [Fact]
    public void Meters_of_somebody_else_are_not_listened_to()
    {
        using var stranger = new Meter(new MeterOptions(Name) { Scope = new object() });
        stranger.CreateCounter<long>("test.strange").Add(1);
        Assert.DoesNotContain(_store.Read(), family => family.Name == "test.strange");
    }

    private static KeyValuePair<string, object?> Tag(string key, string value) => new(key, value);

    private static string Label(MetricSample sample) => sample.Labels.Enumerate().Single().Value;

    private MetricFamily Read(string name) => Assert.Single(_store.Read(), family => family.Name == name);
}
