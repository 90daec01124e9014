// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.Metrics;
using ClusterManager.Manager.State;
using ClusterManager.Model;
using ClusterManager.Telemetry;

namespace ClusterManager.Manager.Telemetry;

/// <summary>What the newest snapshot says of nodes and services. Only a leader has one: others show none of these.</summary>
internal static class ClusterGauges
{
    /// <summary>Adds the instruments.</summary>
    /// <param name="meter">Where.</param>
    /// <param name="figures">The newest snapshot in figures; null while this manager does not lead.</param>
    /// <param name="size">What its state takes in Consul; null while this manager does not lead.</param>
    public static void AddTo(Meter meter, Func<ClusterFigures?> figures, Func<StateSize?> size)
    {
        AddNodes(meter, figures);
        AddServices(meter, figures);
        meter.CreateObservableGauge(TelemetryNames.StateKeys, () => One(size() is { } known ? known.Keys : null), "{key}",
            "Keys of the stored state.");
        meter.CreateObservableGauge(TelemetryNames.StateSize, () => One(size() is { } known ? known.Bytes : null), "By",
            "Bytes of the stored state.");
    }

    private static void AddNodes(Meter meter, Func<ClusterFigures?> figures)
    {
        meter.CreateObservableGauge(TelemetryNames.Nodes, () => Each(figures, one => one.Nodes.Select(pair =>
            Value(pair.Value, ("state", StateWord(pair.Key))))), "{node}", "Nodes, by state.");
        meter.CreateObservableGauge(TelemetryNames.NodeStatus, () => Each(figures, one => one.State.Nodes.Values.Select(node =>
            Value(1, ("node", node.Name), ("state", StateWord(ClusterFigures.StateOf(one.State, node)))))), "{node}",
            "1 for the state that a node is in.");
        meter.CreateObservableGauge(TelemetryNames.Brake, () => One(figures() is { } one ? one.State.BrakeSince is null ? 0 : 1 : null),
            "{brake}", "1 while the brake on mass loss is on: nothing moves.");
        meter.CreateObservableGauge(TelemetryNames.Managers, () => Each(figures, one => ReadyAndAway(one.Managers)), "{manager}",
            "Managers, by whether their machine is heard of.");
        meter.CreateObservableGauge(TelemetryNames.ConsulServers, () => Each(figures, one => ReadyAndAway(one.ConsulServers)), "{server}",
            "Consul servers, by whether their machine is heard of.");
    }

    private static void AddServices(Meter meter, Func<ClusterFigures?> figures)
    {
        meter.CreateObservableGauge(TelemetryNames.Services, () => One(figures() is { } one ? one.State.Services.Count : null),
            "{service}", "Services.");
        meter.CreateObservableGauge(TelemetryNames.ServicesOmitted,
            () => One(figures() is { } one ? one.State.Services.Count - one.Services.Length : null), "{service}",
            "Services without series of their own, since there are too many.");
        meter.CreateObservableGauge(TelemetryNames.ReplicasWanted, () => EachService(figures, one => one.Wanted), "{replica}",
            "Replicas wanted of a service.");
        meter.CreateObservableGauge(TelemetryNames.ReplicasRunning, () => EachService(figures, one => one.Running), "{replica}",
            "Replicas of a service that run and are healthy.");
        meter.CreateObservableGauge(TelemetryNames.RolloutFailed, () => EachService(figures, one => one.HasFailedRollout ? 1 : 0),
            "{rollout}", "1 while the newest rollout of a service is a failed one.");
        meter.CreateObservableGauge(TelemetryNames.ReplicasUnplaced, () => Each(figures, one => Gaps(one).Select(service =>
            Value(service.Unplaced, ("stack", service.Stack), ("service", service.Name), ("reason", $"{service.Reason}")))), "{replica}",
            "Replicas of a service that no node takes, by reason.");
        meter.CreateObservableGauge(TelemetryNames.UnplacedAge, () => Each(figures, one => Gaps(one).Select(service =>
            Value(service.UnplacedFor.TotalSeconds, ("stack", service.Stack), ("service", service.Name)))), "s",
            "Time since the oldest gap of a service began.");
    }

    /// <summary>No measurement where there is no value.</summary>
    public static IEnumerable<Measurement<double>> One(double? value) => value is { } known ? [new Measurement<double>(known)] : [];

    private static IEnumerable<ServiceFigures> Gaps(ClusterFigures figures) => figures.Services.Where(service => service.Unplaced > 0);

    private static IEnumerable<Measurement<double>> Each(
        Func<ClusterFigures?> figures, Func<ClusterFigures, IEnumerable<Measurement<double>>> select) =>
        figures() is { } known ? select(known) : [];

    private static IEnumerable<Measurement<double>> EachService(Func<ClusterFigures?> figures, Func<ServiceFigures, double> select) =>
        Each(figures, one => one.Services.Select(service => Value(select(service), ("stack", service.Stack), ("service", service.Name))));

    private static IEnumerable<Measurement<double>> ReadyAndAway((int Ready, int All) count) =>
        [Value(count.Ready, ("state", "ready")), Value(count.All - count.Ready, ("state", "away"))];

    private static Measurement<double> Value(double value, params ReadOnlySpan<(string Key, string Value)> labels)
    {
        var tags = new KeyValuePair<string, object?>[labels.Length];
        for (var i = 0; i < tags.Length; i++) tags[i] = new(labels[i].Key, labels[i].Value);
        return new Measurement<double>(value, tags);
    }

    private static string StateWord(NodeState state) => state switch
    {
        NodeState.Ready => "ready",
        NodeState.AgentAway => "agent_away",
        NodeState.EngineDown => "engine_down",
        NodeState.Down => "down",
        _ => "unknown",
    };
}
