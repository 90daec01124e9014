// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.Metrics;
using ClusterManager.Manager.Dispatch;
using ClusterManager.Manager.Leadership;
using ClusterManager.Manager.State;
using ClusterManager.Model;
using ClusterManager.Telemetry;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Telemetry;

/// <summary>What the agents reported, with the label <c>node</c>. A node whose session ends has no such series until it is back.</summary>
internal static class NodeGauges
{
    /// <summary>Adds an instrument for each metric that agents know.</summary>
    /// <param name="meter">Where.</param>
    /// <param name="term">The term that this manager leads; null while it does not.</param>
    public static void AddTo(Meter meter, Func<LeaderTerm?> term)
    {
        foreach (var metric in AgentMetric.All)
        {
            IEnumerable<Measurement<double>> Ask() => term() is { } leading ? Of(leading, metric) : [];
            if (metric.Kind == MetricKind.Counter) meter.CreateObservableCounter(metric.Name, Ask, metric.Unit, metric.Help);
            else meter.CreateObservableGauge(metric.Name, Ask, metric.Unit, metric.Help);
        }

        meter.CreateObservableGauge(
            TelemetryNames.NodeClockOffset, () => term() is { } leading ? Offsets(leading) : [], "s",
            "The node's clock, less the leader's.");
        meter.CreateObservableGauge(
            TelemetryNames.NodeHeartbeatAge, () => term() is { } leading ? Silences(leading) : [], "s",
            "Time since the node's agent was last heard.");
    }

    private static IEnumerable<Measurement<double>> Of(LeaderTerm term, AgentMetric metric)
    {
        var state = term.Engine.Snapshots.Current;
        foreach (var session in term.Sessions.All())
        {
            if (session.Metrics is not { } reported) continue;
            var node = NameOf(state, session.Node);
            foreach (var sample in reported.Find(metric.Name))
                yield return new Measurement<double>(sample.Value, Tags(node, metric, sample));
        }
    }

    private static KeyValuePair<string, object?>[] Tags(string node, AgentMetric metric, V1.MetricSample sample) =>
    [
        new("node", node), .. metric.Labels.Select(label => new KeyValuePair<string, object?>(label, sample.Labels[label])),
    ];

    private static IEnumerable<Measurement<double>> Offsets(LeaderTerm term) =>
        from session in term.Sessions.All()
        where session.Metrics is not null
        select Named(term, session, session.Metrics!.ClockOffset);

    private static IEnumerable<Measurement<double>> Silences(LeaderTerm term) =>
        term.Sessions.All().Select(session => Named(term, session, session.Silence));

    private static Measurement<double> Named(LeaderTerm term, AgentSession session, TimeSpan time) =>
        new(time.TotalSeconds, new KeyValuePair<string, object?>("node", NameOf(term.Engine.Snapshots.Current, session.Node)));

    private static string NameOf(ClusterState state, NodeId node) =>
        state.Nodes.TryGetValue(node, out var record) ? record.Name : node.ToString()[..12];
}
