// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Telemetry;

namespace ClusterManager.Shared.Tests.Telemetry;

/// <summary>The text that Prometheus reads.</summary>
public sealed class ExpositionTests
{
    [Fact]
    public void The_older_text_is_written_to_the_letter() => Assert.Equal(
        """
        # HELP cluster_calls_total Calls, "quoted".
        # TYPE cluster_calls_total counter
        cluster_calls_total{method="a\"b\\c\nd"} 3
        # HELP cluster_turn_seconds Time.
        # TYPE cluster_turn_seconds histogram
        cluster_turn_seconds_bucket{le="0.5"} 1
        cluster_turn_seconds_bucket{le="1.0"} 3
        cluster_turn_seconds_bucket{le="+Inf"} 4
        cluster_turn_seconds_sum 7.25
        cluster_turn_seconds_count 4
        # HELP cluster_up One.
        # TYPE cluster_up gauge
        cluster_up 1

        """.ReplaceLineEndings("\n"),
        ExpositionWriter.Write(MetricSamples.Some(), ExpositionFormat.PrometheusText));

    [Fact]
    public void OpenMetrics_names_a_counter_without_its_ending_and_says_units_and_the_end()
    {
        var text = ExpositionWriter.Write(MetricSamples.Some(), ExpositionFormat.OpenMetrics);
        Assert.Contains("# TYPE cluster_calls counter\ncluster_calls_total{", text, StringComparison.Ordinal);
        Assert.Contains("# HELP cluster_calls Calls, \\\"quoted\\\".\n", text, StringComparison.Ordinal);
        Assert.Contains("# UNIT cluster_turn_seconds seconds\n", text, StringComparison.Ordinal);
        Assert.EndsWith("# EOF\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, ExpositionFormat.PrometheusText)]
    [InlineData("*/*", ExpositionFormat.PrometheusText)]
    [InlineData("text/plain;version=0.0.4;q=0.5,*/*;q=0.1", ExpositionFormat.PrometheusText)]
    [InlineData("application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5", ExpositionFormat.OpenMetrics)]
    public void The_format_is_what_the_reader_accepts(string? accept, ExpositionFormat format) =>
        Assert.Equal(format, ExpositionWriter.Choose(accept));

    [Theory]
    [InlineData("cluster.engine.turn.duration", "s", "cluster_engine_turn_duration_seconds")]
    [InlineData("cluster.state.size", "By", "cluster_state_size_bytes")]
    [InlineData("cluster.nodes", "{node}", "cluster_nodes")]
    public void Names_end_with_their_unit(string name, string unit, string expected) =>
        Assert.Equal(expected, ExpositionNames.Of(name, unit));

    [Fact]
    public void Every_agents_metric_has_a_name_of_its_own_and_few_labels()
    {
        Assert.Distinct(AgentMetric.All.Select(one => one.Name));
        Assert.All(AgentMetric.All, one => Assert.InRange(one.Labels.Length + 1, 1, MetricLabels.Max));
        Assert.All(AgentMetric.All, one => Assert.DoesNotContain("node", one.Labels));
    }
}

/// <summary>Some metrics of each kind.</summary>
internal static class MetricSamples
{
    public static ImmutableArray<MetricFamily> Some() =>
    [
        new("cluster.calls", "{call}", "Calls, \"quoted\".", MetricKind.Counter,
            [new MetricSample(MetricLabels.Of([new KeyValuePair<string, object?>("method", "a\"b\\c\nd")]), 3)]),
        new("cluster.turn", "s", "Time.", MetricKind.Histogram,
            [new MetricSample(default, 7.25, new HistogramCounts([0.5, 1], [1, 2, 1]))]),
        new("cluster.up", "{up}", "One.", MetricKind.Gauge, [new MetricSample(default, 1)]),
    ];
}
