// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using ClusterManager.Agent.Allocations;
using ClusterManager.Agent.Discovery;
using ClusterManager.Agent.Images;
using ClusterManager.Agent.Node;
using ClusterManager.Hosting.Concurrency;
using ClusterManager.Hosting.Files;
using ClusterManager.Hosting.Security;
using ClusterManager.Model;
using ClusterManager.Telemetry;
using ClusterManager.Wire.V1;
using AllocationState = ClusterManager.Model.AllocationState;
using MetricSample = ClusterManager.Wire.V1.MetricSample;

namespace ClusterManager.Agent.Telemetry;

/// <summary>All that the agent measures, ready to be reported. Thread-safe.</summary>
internal sealed class AgentTelemetry : IDisposable
{
    /// <summary>Time between two reports.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    private readonly TimeProvider _time;
    private readonly Meter _meter;
    private readonly MetricStore _store;

    /// <summary>Begins to count.</summary>
    public AgentTelemetry(
        RunnerContext runners, EngineWatch engine, DiscoveryLoop discovery, CertificateHolder certificate, ClusterPaths paths,
        LatestValue<DiskReport?> disk)
    {
        _time = runners.Clock.Provider;
        _meter = new Meter(new MeterOptions(TelemetryNames.AgentMeter) { Scope = this });
        _store = new MetricStore([TelemetryNames.AgentMeter, TelemetryNames.ConsulMeter], this, AgentMetric.SamplesMax);
        Many(AgentMetricNames.Allocations, () => Allocations(runners.Board));
        Many(AgentMetricNames.DiskFree, () => Disks(engine, paths, disk => disk.FreeBytes));
        Many(AgentMetricNames.DiskSize, () => Disks(engine, paths, disk => disk.SizeBytes));
        One(AgentMetricNames.DiskPressed, () => disk.Current?.IsPressed == true ? 1 : 0);
        One(AgentMetricNames.EngineUp, () => engine.Status.Current.IsUp ? 1 : 0);
        One(AgentMetricNames.ConsulUp, () => discovery.IsAnswered ? 1 : 0);
        One(AgentMetricNames.CertificateRemaining,
            () => (certificate.Current.NotAfter.ToUniversalTime() - _time.GetUtcNow().UtcDateTime).TotalSeconds);
        _meter.CreateObservableCounter(AgentMetricNames.ProcessCpu, () => ProcessFigures.CpuSeconds, "s");
        One(AgentMetricNames.ProcessMemory, () => ProcessFigures.ResidentBytes);
        One(AgentMetricNames.ProcessThreads, () => ProcessFigures.ThreadCount);
        One(AgentMetricNames.Uptime, () => runners.Clock.Now.TotalSeconds);
    }

    /// <summary>What there is to report now: at most <see cref="AgentMetric.SamplesMax"/> samples, all of known names.</summary>
    public MetricsReport Report()
    {
        var report = new MetricsReport { UnixMs = _time.GetUtcNow().ToUnixTimeMilliseconds() };
        foreach (var family in _store.Read())
        {
            // The Consul client has one name for its calls in every program.
            var name = family.Name == TelemetryNames.ConsulCalls ? AgentMetricNames.ConsulCalls : family.Name;
            if (AgentMetric.Find(name) is not null)
            {
                var room = AgentMetric.SamplesMax - report.Samples.Count;
                report.Samples.AddRange(family.Samples.Take(room).Select(one => Sample(name, one)));
            }
        }

        return report;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _store.Dispose();
        _meter.Dispose();
    }

    private void One(string name, Func<double> value) => _meter.CreateObservableGauge(name, value, AgentMetric.Find(name)!.Unit);

    private void Many(string name, Func<IEnumerable<Measurement<double>>> values) =>
        _meter.CreateObservableGauge(name, values, AgentMetric.Find(name)!.Unit);

    private static MetricSample Sample(string name, ClusterManager.Telemetry.MetricSample one)
    {
        var sample = new MetricSample { Name = name, Value = one.Value };
        foreach (var (key, value) in one.Labels.Enumerate()) sample.Labels[key] = value;
        return sample;
    }

    private static IEnumerable<Measurement<double>> Allocations(StatusBoard board)
    {
        var counts = board.Current.Values.GroupBy(view => view.Facts.State).ToDictionary(same => same.Key, same => same.Count());
        return Enum.GetValues<AllocationState>().Where(state => state != AllocationState.Lost).Select(state =>
            new Measurement<double>(counts.GetValueOrDefault(state), new KeyValuePair<string, object?>("state", Word(state))));
    }

    private static string Word(AllocationState state) => state.ToString().ToLowerInvariant();

    private static IEnumerable<Measurement<double>> Disks(EngineWatch engine, ClusterPaths paths, Func<DiskSpace, long> select)
    {
        (string Role, string? Path)[] disks = [("data", paths.Root), ("docker", engine.Status.Current.Info?.DataRoot)];
        foreach (var (role, path) in disks)
            if (path is { Length: > 0 } && DiskSpace.At(path) is { } disk)
                yield return new Measurement<double>(select(disk), new KeyValuePair<string, object?>("disk", role));
    }
}
