// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Dispatch;
using ClusterManager.Manager.State;
using ClusterManager.Manager.Tests.Engine;
using ClusterManager.Model;
using ClusterManager.Tests.Support;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Tests.Dispatch;

public sealed class ReportMappingTests
{
    private static readonly DateTimeOffset Now = ModelCluster.Epoch.AddYears(200);

    [Fact]
    public void An_observation_comes_back_as_it_was()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var seen = new Sampler(seed).Next<AllocationObservation>() with { Reason = new Reason(ReasonCode.Exited, "exit code 1") };
            seen = seen with { NextAttemptAt = Now.AddSeconds(3), ChangedAt = Now.AddSeconds(-5) };
            var report = Assert.Single(ReportMapping.ToReports([ReportMapping.ToWire(new AllocationId(new(1), 2, 3), seen, Now)], Now));
            Assert.Equal(Described.Of(seen), Described.Of(report.Observation));
            Assert.Equal("1-2-3", report.Id.ToString());
        }
    }

    [Fact]
    public void Hostile_reports_are_left_out_or_clipped()
    {
        V1.AllocationStatus[] statuses =
        [
            new() { State = V1.AllocationState.Running },
            new() { Id = new V1.AllocationRef { ServiceId = 1 }, State = (V1.AllocationState)5 },
            new()
            {
                Id = new V1.AllocationRef { ServiceId = 1, Slot = 1, Generation = 1 }, State = V1.AllocationState.Running,
                Health = (V1.HealthState)99,
                StateAgeMs = long.MaxValue, NextAttemptInMs = long.MaxValue, LastProbeOutput = new string('x', 5000),
                Reason = new V1.Reason { Code = 12345, Text = new string('y', 5000) },
            },
        ];
        var seen = Assert.Single(ReportMapping.ToReports(statuses, Now)).Observation;
        Assert.Equal(HealthState.Unknown, seen.Health);
        Assert.Equal(512, seen.LastProbeOutput.Length);
        Assert.Equal(ReasonCode.EngineError, seen.Reason!.Code);
        Assert.Equal(512, seen.Reason.Text.Length);
    }
}
