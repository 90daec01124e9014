// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.Metrics;
using ClusterManager.Agent.Docker;
using ClusterManager.Agent.Telemetry;
using ClusterManager.Telemetry;

namespace ClusterManager.Agent.Tests.Telemetry;

/// <summary>What the agent counts has few labels, whatever it counts.</summary>
public sealed class AgentMeterTests
{
    [Theory]
    [InlineData("GET", "/containers/json?all=1", "containers/json")]
    [InlineData("POST", "/containers/create?name=default-web.1.1-1-1", "containers/create")]
    [InlineData("POST", "/containers/0123456789ab/start", "containers/start")]
    [InlineData("DELETE", "/containers/0123456789ab?v=1", "containers/remove")]
    [InlineData("GET", "/images/registry.test:5000/a/b@sha256:00/json", "images")]
    [InlineData("GET", "/info", "info")]
    [InlineData("GET", "/something/else", "other")]
    public void A_call_is_counted_by_its_kind_without_names(string method, string path, string kind)
    {
        var kinds = new List<object?>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == AgentMetricNames.EngineCalls) self.EnableMeasurementEvents(instrument);
        };
        var thread = Environment.CurrentManagedThreadId;
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            if (Environment.CurrentManagedThreadId == thread) kinds.Add(tags[0].Value);
        });
        listener.Start();
        AgentMeter.Called(new DockerCall(new HttpMethod(method), path), "ok", TimeSpan.FromSeconds(1));
        Assert.Equal([kind], kinds);
    }

    [Fact]
    public void A_disk_has_no_more_free_than_it_holds_and_a_path_that_is_not_there_has_none()
    {
        var disk = DiskSpace.At(Path.GetTempPath());
        Assert.InRange(disk!.FreeBytes, 0, disk.SizeBytes);
        Assert.Null(DiskSpace.At("/does/not/exist"));
    }
}
