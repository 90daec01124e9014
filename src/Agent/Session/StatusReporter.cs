// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Allocations;
using ClusterManager.Agent.Images;
using ClusterManager.Agent.Node;
using ClusterManager.Model;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Agent.Session;

/// <summary>
/// Makes status reports: everything the first time, then only what changed. Probe counters and ages alone are no change: they travel with
/// the
/// next one.
/// </summary>
/// <param name="context">Where the views are.</param>
internal sealed class StatusReporter(SessionContext context)
{
    private readonly Dictionary<AllocationId, (AllocationView View, bool IsPassing, V1.AllocationStatus Bare)> _sent = [];
    private EngineStatus? _sentEngine;
    private DiskReport? _sentDisk;

    /// <summary>Every allocation as it is now.</summary>
    public IEnumerable<V1.AllocationStatus> All() =>
        context.Runners.Board.Current.Values.Select(view => view.ToWire(IsPassing(view), context.Runners.Clock.Now));

    /// <summary>What changed since the last call; null: nothing.</summary>
    public V1.StatusReport? Next()
    {
        var engine = context.Engine.Status.Current;
        var report = new V1.StatusReport { EngineUp = engine.IsUp };
        foreach (var view in context.Runners.Board.Current.Values)
        {
            if (Changed(view) is { } status) report.Allocations.Add(status);
        }
        var isEngineNew = engine != _sentEngine;
        if (isEngineNew) report.Facts = context.Describe(context.Runners.Node, engine).ToWire();
        _sentEngine = engine;
        var disk = context.Disk.Current;
        if (!ReferenceEquals(disk, _sentDisk)) report.Disk = disk?.ToWire();
        _sentDisk = disk;
        return isEngineNew || report.Disk is not null || report.Allocations.Count > 0 ? report : null;
    }

    private V1.AllocationStatus? Changed(AllocationView view)
    {
        var id = view.Facts.Id;
        var isPassing = IsPassing(view);
        var isKnown = _sent.TryGetValue(id, out var last);
        if (isKnown && ReferenceEquals(last.View, view) && last.IsPassing == isPassing) return null;
        var status = view.ToWire(isPassing, context.Runners.Clock.Now);
        var bare = Bare(status);
        _sent[id] = (view, isPassing, bare);
        return isKnown && last.Bare.Equals(bare) ? null : status;
    }

    private bool IsPassing(AllocationView view) => context.Discovery.Applied.Current.GetValueOrDefault(view.Facts.Id);

    private static V1.AllocationStatus Bare(V1.AllocationStatus status)
    {
        var bare = status.Clone();
        bare.StateAgeMs = 0;
        bare.NextAttemptInMs = 0;
        bare.ProbesPassed = 0;
        bare.LastProbeOutput = "";
        return bare;
    }
}
