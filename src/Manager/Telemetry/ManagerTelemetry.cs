// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using ClusterManager.Hosting.Security;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Leadership;
using ClusterManager.Telemetry;

namespace ClusterManager.Manager.Telemetry;

/// <summary>
/// All metrics of one manager: its own counters, and what the newest snapshot says. Reading costs the reader; the engine's loop is never
/// asked. Thread-safe.
/// </summary>
internal sealed class ManagerTelemetry : IDisposable
{
    /// <summary>The meters that a manager shows.</summary>
    public static readonly ImmutableArray<string> Meters =
        [TelemetryNames.ManagerMeter, TelemetryNames.ClusterMeter, TelemetryNames.ConsulMeter];

    private static readonly TimeSpan FiguresFor = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SizeFor = TimeSpan.FromMinutes(1);

    private readonly LeadershipLoop _leadership;
    private readonly TimeProvider _time;
    private readonly Meter _meter;
    private readonly MetricStore _store;
    private readonly Lock _lock = new();
    private (long At, LeaderTerm Term, ClusterFigures Figures)? _figures;
    private (long At, LeaderTerm Term, StateSize Size)? _size;

    /// <summary>Begins to count.</summary>
    public ManagerTelemetry(LeadershipLoop leadership, LeaderWatch watch, CertificateHolder certificate, TimeProvider time)
    {
        _leadership = leadership;
        _time = time;
        _meter = new Meter(new MeterOptions(TelemetryNames.ClusterMeter) { Scope = this });
        _store = new MetricStore(Meters, this);
        ManagerMeter.Begin();
        AddLeadership(watch);
        AddEngine();
        AddProcess(certificate);
        ClusterGauges.AddTo(_meter, Figures, Size);
        NodeGauges.AddTo(_meter, () => _leadership.Term.Current);
    }

    /// <summary>All metrics now.</summary>
    public ImmutableArray<MetricFamily> Read() => _store.Read();

    /// <summary>All metrics that there can be, without series.</summary>
    public ImmutableArray<MetricFamily> Describe() => _store.Describe();

    /// <inheritdoc/>
    public void Dispose()
    {
        _store.Dispose();
        _meter.Dispose();
    }

    private void AddLeadership(LeaderWatch watch)
    {
        Add(TelemetryNames.Leader, () => _leadership.Term.Current is null ? 0 : 1, "{leader}", "1 while this manager leads.");
        Add(TelemetryNames.LeaderKnown, () => watch.Leader.Current.IsHeld ? 1 : 0, "{leader}", "1 while this manager knows of a leader.");
        Add(TelemetryNames.Term, () => watch.Leader.Current.Term, "{term}", "The newest term that this manager knows of.");
        Add(TelemetryNames.ConsulUp, () => watch.ConsulAnswers ? 1 : 0, "{consul}", "1 while this manager's Consul answers.");
        Add(TelemetryNames.FenceAge, () => _leadership.Term.Current?.Fence.Age?.TotalSeconds, "s",
            "Time since the last proof that the lock is this leader's; it may act below 1.5 s.");
    }

    private void AddEngine()
    {
        Add(TelemetryNames.MailboxDepth, () => _leadership.Term.Current?.Engine.MailboxDepth, "{event}", "Events that wait for a turn.");
        Add(TelemetryNames.MailboxCapacity, () => _leadership.Term.Current is null ? null : EngineLoop.MailboxCapacity, "{event}",
            "Events that may wait for a turn.");
        Add(TelemetryNames.Sessions, () => _leadership.Term.Current?.Sessions.Count, "{session}", "Sessions of agents.");
    }

    private void AddProcess(CertificateHolder certificate)
    {
        _meter.CreateObservableCounter(TelemetryNames.ProcessCpu, () => ProcessFigures.CpuSeconds, "s", "CPU time that the manager used.");
        Add(TelemetryNames.ProcessMemory, () => ProcessFigures.ResidentBytes, "By", "Resident memory of the manager.");
        Add(TelemetryNames.ProcessThreads, () => ProcessFigures.ThreadCount, "{thread}", "Threads of the manager.");
        Add(TelemetryNames.CertificateRemaining,
            () => (certificate.Current.NotAfter.ToUniversalTime() - _time.GetUtcNow().UtcDateTime).TotalSeconds, "s",
            "What is left of the manager's certificate.");
    }

    private void Add(string name, Func<double?> value, string unit, string help) =>
        _meter.CreateObservableGauge(name, () => ClusterGauges.One(value()), unit, help);

    // A reading asks a dozen times: one snapshot serves them all.
    private ClusterFigures? Figures()
    {
        if (_leadership.Term.Current is not { } term) return null;
        lock (_lock)
        {
            if (_figures is { } known && known.Term == term && _time.GetElapsedTime(known.At) < FiguresFor) return known.Figures;
            var figures = ClusterFigures.Of(term.Engine.Snapshots.Current, _time.GetUtcNow());
            _figures = (_time.GetTimestamp(), term, figures);
            return figures;
        }
    }

    private StateSize? Size()
    {
        if (_leadership.Term.Current is not { } term) return null;
        lock (_lock)
        {
            if (_size is { } known && known.Term == term && _time.GetElapsedTime(known.At) < SizeFor) return known.Size;
            var size = StateSize.Of(term.Engine.Snapshots.Current);
            _size = (_time.GetTimestamp(), term, size);
            return size;
        }
    }
}
