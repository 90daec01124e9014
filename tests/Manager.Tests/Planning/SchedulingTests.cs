// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Planning;
using ClusterManager.Manager.State;
using ClusterManager.Manager.Tests.Engine;
using ClusterManager.Model;

namespace ClusterManager.Manager.Tests.Planning;

public sealed class SchedulingTests
{
    private const long Gigabyte = 1L << 30;

    [Theory]
    [InlineData("node.hostname == h2", 2)]
    [InlineData("node.hostname==H2", 2)]
    [InlineData("node.labels.disk == ssd", 3)]
    [InlineData("node.labels.disk != hdd", 3)]
    [InlineData("node.platform.arch == ARM64", 1)]
    [InlineData("node.id == 00000000000000000000000000000002", 2)]
    public void Constraints_choose_the_node(string constraint, int expected)
    {
        var cluster = new ModelCluster(3, (i, node) => node with
        {
            Labels = Maps.Of([new("disk", i == 3 ? "ssd" : "hdd")]),
            Facts = node.Facts! with { Arch = i == 1 ? "arm64" : "amd64" },
        }).Up();
        cluster.Apply(Specs.Web(1).WithConstraint(constraint));
        cluster.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(ModelCluster.Id(expected), Assert.Single(cluster.Live("web")).Node);
    }

    [Fact]
    public void A_missing_label_differs_from_every_value()
    {
        var cluster = new ModelCluster(1).Up();
        cluster.Apply(Specs.Web(1).WithConstraint("node.labels.disk != ssd"));
        cluster.Run(TimeSpan.FromSeconds(1));
        Assert.Single(cluster.Live("web"));
    }

    [Fact]
    public void Memory_is_reserved_and_the_gap_tells_the_numbers()
    {
        var cluster = new ModelCluster(3).Up();
        cluster.Apply(Specs.Web(7).Reserving(3 * Gigabyte));
        cluster.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(6, cluster.Live("web").Count);
        var gap = cluster.State.Gaps[new ServiceId(1)];
        Assert.Equal(1, gap.Count);
        Assert.Equal(ReasonCode.NoNodeFreeNow, gap.Reason.Code);
        Assert.Contains("needs 3.0 GB; h1 has 2.0 GB of 8.0 GB free", gap.Reason.Text, StringComparison.Ordinal);
        cluster.Scale("web", 6);
        cluster.Run(TimeSpan.FromSeconds(1));
        Assert.Empty(cluster.State.Gaps);
    }

    [Fact]
    public void What_no_node_is_large_enough_for_never_matches()
    {
        var cluster = new ModelCluster(3).Up();
        cluster.Apply(Specs.Web(1).Reserving(9 * Gigabyte));
        cluster.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(ReasonCode.NoNodeMatches, cluster.Service("web").Rollout.Reason!.Code);
    }

    [Theory]
    [InlineData(null, null, PortProtocol.Tcp, true)]
    [InlineData("10.0.0.1", null, PortProtocol.Tcp, true)]
    [InlineData("10.0.0.1", "10.0.0.1", PortProtocol.Tcp, true)]
    [InlineData("10.0.0.1", "10.0.0.2", PortProtocol.Tcp, false)]
    [InlineData("0.0.0.0", "10.0.0.2", PortProtocol.Tcp, true)]
    [InlineData(null, null, PortProtocol.Udp, false)]
    public void Fixed_ports_exclude_each_other_on_overlapping_addresses(string? one, string? other, PortProtocol protocol, bool excludes)
    {
        var cluster = new ModelCluster(1).Up();
        cluster.Apply(Specs.Web(1, name: "a") with { Ports = [Port(one, PortProtocol.Tcp)] });
        cluster.Apply(Specs.Web(1, name: "b") with { Ports = [Port(other, protocol)] });
        cluster.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(excludes ? 0 : 1, cluster.Live("b").Count);
        if (excludes) Assert.Contains("held by a.1", cluster.State.Gaps[new ServiceId(2)].Nodes[0].Reason!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_takes_two_hundred_allocations()
    {
        var cluster = new ModelCluster(1).Up();
        cluster.Apply(Specs.Web(201));
        cluster.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(200, cluster.Live("web").Count);
        Assert.Equal(ReasonCode.NodeFull, cluster.State.Gaps[new ServiceId(1)].Nodes[0].Reason!.Code);
    }

    [Fact]
    public void Spread_goes_by_service_then_by_reserved_share()
    {
        var cluster = new ModelCluster(3, (i, node) => node with { Facts = node.Facts! with { MemoryBytes = i * 8 * Gigabyte } }).Up();
        cluster.Apply(Specs.Web(3, name: "even"));
        cluster.Apply(Specs.Web(3, name: "load").Reserving(Gigabyte));
        cluster.Apply(Specs.Web(1, name: "last").Reserving(Gigabyte));
        cluster.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(3, cluster.Live("even").Select(record => record.Node).Distinct().Count());
        Assert.Equal(3, cluster.Live("load").Select(record => record.Node).Distinct().Count());
        Assert.Equal(ModelCluster.Id(3), cluster.Live("last")[0].Node);
    }

    [Fact]
    public void Scaling_down_stops_what_does_not_serve_first_and_then_the_highest_slots()
    {
        var cluster = new ModelCluster(3).Up();
        cluster.Apply(Specs.Web(5));
        cluster.Run(TimeSpan.FromSeconds(8));
        var away = cluster.Live("web").First(record => record.Id.Slot == 2);
        cluster.Send(new Manager.Engine.ClusterEvent.AgentReported(away.Node, cluster.Agents[away.Node].Session, true, null,
        [
            new Manager.Engine.AllocationReport(away.Id,
                new AllocationObservation { State = AllocationState.Failed, Health = HealthState.None, ChangedAt = cluster.Now }),
        ]));
        cluster.Scale("web", 3);
        cluster.Run(TimeSpan.FromSeconds(1));
        Assert.Equal([1, 3, 4], cluster.Live("web").Select(record => record.Id.Slot));
    }

    [Fact]
    public void Explain_names_the_rule_of_each_node_and_the_nearest_fix()
    {
        var cluster = new ModelCluster(3, (i, node) =>
            node with { Availability = i == 2 ? NodeAvailability.Drained : NodeAvailability.Active }).Up();
        cluster.Apply(Specs.Web(1).WithConstraint("node.labels.disk == ssd"));
        cluster.Run(TimeSpan.FromMinutes(6));
        var why = Explainer.Explain(cluster.State, new ServiceId(1), cluster.Now);
        Assert.Equal([ReasonCode.ConstraintNotMet, ReasonCode.NodeDrained, ReasonCode.ConstraintNotMet], why.Nodes.Select(verdict =>
            verdict.Reason!.Code));
        Assert.Equal("cluster node label h1 disk=ssd", why.NearestFix);
        Assert.StartsWith("web runs 0 of 1 replicas. 1 replica has had no node for 6m: no node can ever take it", why.Summary,
            StringComparison.Ordinal);
        Assert.Contains("Rollout 1 to revision 1 failed", why.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_offers_to_activate_the_node_that_would_fit()
    {
        var cluster = new ModelCluster(2, (_, node) => node with { Availability = NodeAvailability.Paused }).Up();
        cluster.Apply(Specs.Web(1));
        cluster.Run(TimeSpan.FromSeconds(1));
        Assert.Equal("cluster node activate h1", Explainer.Explain(cluster.State, new ServiceId(1), cluster.Now).NearestFix);
    }

    private static PortSpec Port(string? address, PortProtocol protocol) =>
        new() { Mode = PortMode.Fixed, Target = 80, Published = 80, Protocol = protocol, HostAddress = address };
}
