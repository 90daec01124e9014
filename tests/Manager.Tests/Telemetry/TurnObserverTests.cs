// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.State;
using ClusterManager.Manager.Telemetry;
using ClusterManager.Manager.Tests.Engine;
using ClusterManager.Manager.Tests.Support;
using ClusterManager.Model;
using ClusterManager.Telemetry;

namespace ClusterManager.Manager.Tests.Telemetry;

/// <summary>What a turn adds to the counts. Other tests count at the same time: only values that none of them has are looked at.</summary>
public sealed class TurnObserverTests
{
    private static readonly DateTimeOffset Now = ModelCluster.Epoch.AddSeconds(1234.5);

    [Fact]
    public void A_rollout_that_ends_is_counted_once_with_its_time()
    {
        var running = States.Empty().With(Specs.Web(), States.Allocation(1, 1));
        var service = running.Services.Values.Single();
        var before = running with
        {
            Services = running.Services.SetItem(service.Id, service with { Rollout = States.Rollout(RolloutState.Running) }),
        };
        var ended = service with { Rollout = States.Rollout(RolloutState.Failed) with { EndedAt = Now } };
        var after = before with { Services = before.Services.SetItem(service.Id, ended) };
        ImmutableArray<StateChange> changes = [new StateChange.PutService(ended)];
        Assert.Equal([1234.5], Observed(TelemetryNames.RolloutDuration, () => TurnObserver.Observe(before, after, [], changes, Now)));
        Assert.Empty(Observed(TelemetryNames.RolloutDuration, () => TurnObserver.Observe(after, after, [], changes, Now)));
    }

    [Fact]
    public void A_replica_that_serves_for_the_first_time_is_timed_and_a_restarted_or_adopted_one_is_not()
    {
        var before = States.Empty().With(Specs.Web(), States.Allocation(1, 1));
        var id = new AllocationId(new ServiceId(1), 1, 1);
        var runs = new AllocationObservation { State = AllocationState.Running, Health = HealthState.None, ChangedAt = Now };
        Assert.Equal([1234.5], Observed(TelemetryNames.TimeToRunning, () => Report(before, id, runs)));
        Assert.Empty(Observed(TelemetryNames.TimeToRunning, () => Report(before, id, runs with { Attempt = 2 })));
        Assert.Empty(Observed(TelemetryNames.TimeToRunning, () => Report(before, id, runs with { Health = HealthState.Unknown })));
        Assert.Empty(Observed(TelemetryNames.TimeToRunning, () => Report(before with { TermStartedAt = Now }, id, runs)));
        var known = before with { Observations = before.Observations.SetItem(id, runs) };
        Assert.Empty(Observed(TelemetryNames.TimeToRunning, () => Report(known, id, runs with { ProbesPassed = 1 })));
    }

    private static void Report(ClusterState before, AllocationId id, AllocationObservation seen)
    {
        var after = before with { Observations = before.Observations.SetItem(id, seen) };
        var reported = new ClusterEvent.AgentReported(ModelCluster.Id(1), 1, true, null, [new AllocationReport(id, seen)]);
        TurnObserver.Observe(before, after, [reported], [], Now);
    }

    private static List<double> Observed(string name, Action act)
    {
        var values = new List<double>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == name) self.EnableMeasurementEvents(instrument);
        };
        var thread = Environment.CurrentManagedThreadId;
        listener.SetMeasurementEventCallback<double>((_, value, _, _) =>
        {
            if (Environment.CurrentManagedThreadId == thread) values.Add(value);
        });
        listener.Start();
        act();
        return values;
    }
}
