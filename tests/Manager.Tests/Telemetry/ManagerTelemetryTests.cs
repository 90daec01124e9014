// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.State;
using ClusterManager.Manager.Telemetry;
using ClusterManager.Manager.Tests.Engine;
using ClusterManager.Manager.Tests.Support;
using ClusterManager.Model;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Tests.Telemetry;

/// <summary>What a manager shows of its cluster.</summary>
public sealed class ManagerTelemetryTests
{
    [Fact]
    public async Task A_manager_that_does_not_lead_says_so_and_shows_nothing_of_the_cluster()
    {
        await using var fixture = new TelemetryFixture();
        Assert.Equal(["cluster_leader 0"], fixture.Lines("cluster_leader"));
        Assert.Empty(fixture.Lines("cluster_nodes"));
        Assert.Empty(fixture.Lines("cluster_service_replicas_wanted"));
        Assert.Single(fixture.Lines("cluster_certificate_remaining_seconds"));
    }

    [Fact]
    public async Task The_leader_shows_nodes_by_state_and_services_by_replicas()
    {
        await using var fixture = new TelemetryFixture();
        var state = States.Empty(3).With(Specs.Web(replicas: 3), States.Allocation(1, 1), States.Allocation(2, 2));
        var gap = new Unplaced
        {
            Count = 1, Reason = new Reason(ReasonCode.NoNodeMatches, "none"), Since = DateTimeOffset.UtcNow.AddMinutes(-10), Nodes = [],
        };
        fixture.Lead(state with
        {
            NodeObservations = state.NodeObservations.SetItem(
                ModelCluster.Id(2), new NodeObservation { State = NodeState.Down, StateSince = ModelCluster.Epoch }),
            Gaps = state.Gaps.SetItem(new ServiceId(1), gap),
        });
        var down = state.Nodes[ModelCluster.Id(2)].Name;
        Assert.Equal(["cluster_leader 1"], fixture.Lines("cluster_leader"));
        Assert.Contains("cluster_nodes{state=\"down\"} 1", fixture.Lines("cluster_nodes"));
        Assert.Contains($"cluster_node_status{{node=\"{down}\",state=\"down\"}} 1", fixture.Lines("cluster_node_status"));
        Assert.Equal(3, fixture.Lines("cluster_node_status").Count);
        const string Service = "{stack=\"default\",service=\"web\"";
        Assert.Equal([$"cluster_service_replicas_wanted{Service}}} 3"], fixture.Lines("cluster_service_replicas_wanted"));
        Assert.Equal([$"cluster_service_replicas_running{Service}}} 0"], fixture.Lines("cluster_service_replicas_running"));
        Assert.Equal(
            [$"cluster_service_replicas_unplaced{Service},reason=\"NoNodeMatches\"}} 1"],
            fixture.Lines("cluster_service_replicas_unplaced"));
        var age = double.Parse(Assert.Single(fixture.Lines("cluster_service_unplaced_age_seconds")).Split(' ')[1]);
        Assert.InRange(age, 600, 700);
    }

    [Fact]
    public async Task The_size_of_the_state_is_that_of_its_records()
    {
        await using var fixture = new TelemetryFixture();
        var small = States.Empty(2);
        var large = small.With(Specs.Web(), States.Allocation(1, 1));
        var (before, after) = (StateSize.Of(small), StateSize.Of(large));
        // The service, its revision, and one chunk of allocations.
        Assert.Equal(before.Keys + 3, after.Keys);
        Assert.True(after.Bytes > before.Bytes + 100, $"{before.Bytes} → {after.Bytes}");
        fixture.Lead(large);
        Assert.Equal([$"cluster_state_keys {after.Keys}"], fixture.Lines("cluster_state_keys"));
        Assert.Equal([$"cluster_state_size_bytes {after.Bytes}"], fixture.Lines("cluster_state_size_bytes"));
    }

    [Fact]
    public async Task What_an_agent_reports_is_shown_with_its_nodes_name_until_its_session_ends()
    {
        await using var fixture = new TelemetryFixture();
        var state = States.Empty(1);
        fixture.Lead(state);
        using var session = fixture.Open(1);
        Assert.True(fixture.Sessions.TryOpen(session));
        session.Take(new V1.AgentMessage { Metrics = Report(("cluster.agent.probes", "outcome", "passed", 7)) });
        var node = state.Nodes[ModelCluster.Id(1)].Name;
        Assert.Equal([$"cluster_agent_probes_total{{node=\"{node}\",outcome=\"passed\"}} 7"], fixture.Lines("cluster_agent_probes_total"));
        Assert.Single(fixture.Lines("cluster_node_heartbeat_age_seconds"));
        Assert.Single(fixture.Lines("cluster_node_clock_offset_seconds"));
        fixture.Sessions.Remove(session);
        Assert.Empty(fixture.Lines("cluster_agent_probes_total"));
    }

    [Theory]
    [InlineData("cluster.agent.unheard_of", "outcome", "passed")]
    [InlineData("cluster.agent.probes", "container", "passed")]
    [InlineData("cluster.agent.probes", "outcome", "a value with {braces}\n")]
    [InlineData("cluster.agent.probes", "outcome", "")]
    public void What_is_not_known_of_an_agent_is_dropped(string name, string label, string value) =>
        Assert.Empty(NodeMetrics.Of(Report((name, label, value, 1)), DateTimeOffset.UtcNow).Find(name));

    [Fact]
    public void A_report_has_a_limit_and_says_how_its_clock_goes()
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(1_000_000);
        var report = Report([.. Enumerable.Range(0, 500).Select(i => ("cluster.agent.probes", "outcome", $"o{i}", (double)i))]);
        report.UnixMs = 1_005_000;
        var metrics = NodeMetrics.Of(report, now);
        Assert.Equal(200, metrics.Find("cluster.agent.probes").Length);
        Assert.Equal(TimeSpan.FromSeconds(5), metrics.ClockOffset);
    }

    private static V1.MetricsReport Report(params (string Name, string Label, string Text, double Value)[] samples)
    {
        var report = new V1.MetricsReport { UnixMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() };
        foreach (var (name, label, text, value) in samples)
            report.Samples.Add(new V1.MetricSample { Name = name, Value = value, Labels = { [label] = text } });
        return report;
    }
}
