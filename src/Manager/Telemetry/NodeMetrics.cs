// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Telemetry;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Telemetry;

/// <summary>What one agent measured. It comes from outside: names, labels and amount are checked, the rest is dropped.</summary>
internal sealed class NodeMetrics
{
    private readonly ImmutableSortedDictionary<string, ImmutableArray<V1.MetricSample>> _byName;

    private NodeMetrics(ImmutableSortedDictionary<string, ImmutableArray<V1.MetricSample>> byName, TimeSpan clockOffset) =>
        (_byName, ClockOffset) = (byName, clockOffset);

    /// <summary>The node's clock less ours, as of the report; the time it travelled is in it.</summary>
    public TimeSpan ClockOffset { get; }

    /// <summary>Takes a report.</summary>
    /// <param name="report">As it came.</param>
    /// <param name="now">Our clock.</param>
    public static NodeMetrics Of(V1.MetricsReport report, DateTimeOffset now)
    {
        var byName = report.Samples.Take(AgentMetric.SamplesMax).Where(IsKnown)
            .GroupBy(sample => sample.Name, StringComparer.Ordinal)
            .ToImmutableSortedDictionary(same => same.Key, same => same.ToImmutableArray(), StringComparer.Ordinal);
        return new NodeMetrics(byName, TimeSpan.FromMilliseconds(report.UnixMs - now.ToUnixTimeMilliseconds()));
    }

    /// <summary>The samples of a metric; empty: the agent reported none.</summary>
    public ImmutableArray<V1.MetricSample> Find(string name) => _byName.GetValueOrDefault(name, []);

    private static bool IsKnown(V1.MetricSample sample)
    {
        if (AgentMetric.Find(sample.Name) is not { } metric || !double.IsFinite(sample.Value)) return false;
        return sample.Labels.Count == metric.Labels.Length
            && metric.Labels.All(label => sample.Labels.TryGetValue(label, out var value) && IsPlain(value));
    }

    // An alphabet in which nothing grows without end by chance: no addresses with ports, no ids in braces, no sentences.
    private static bool IsPlain(string value) =>
        value.Length is > 0 and <= AgentMetric.LabelLengthMax && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '/');
}
