// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Api.Projection;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Leadership;
using ClusterManager.Manager.State;
using ClusterManager.Manager.Tests.Engine;
using ClusterManager.Manager.Tests.Support;
using ClusterManager.Model;

namespace ClusterManager.Manager.Tests.Recovery;

/// <summary>After a restore: what is not confirmed is not touched.</summary>
public sealed class UnconfirmedNodeTests
{
    private readonly ServiceSpec web = Specs.Web(3);

    [Fact]
    public void A_service_with_a_replica_on_an_unconfirmed_node_is_neither_moved_nor_changed()
    {
        var cluster = new RestoredCluster(3, WithWeb);
        cluster.NobodyInConsul();
        cluster.Confirm(1);
        cluster.Confirm(2);
        var before = cluster.Live(1);
        for (var minute = 0; minute < 10; minute++) cluster.Pass(TimeSpan.FromMinutes(1));

        Assert.Equal(before, cluster.Live(1));
        var refused = Assert.IsType<MutationResult.Refused>(cluster.Ask((ticket, origin) =>
            new ClusterEvent.ScaleServices(ticket, origin, [(web.Name, 5)], null)));
        Assert.Contains("h3", refused.Text, StringComparison.Ordinal);
        Assert.Contains("cluster recover confirm 2", refused.Text, StringComparison.Ordinal);
        Assert.IsType<MutationResult.Refused>(cluster.Ask((ticket, origin) => new ClusterEvent.RemoveServices(ticket, origin, [web.Name])));
    }

    [Fact]
    public void Status_says_which_node_waits_and_the_command_for_it()
    {
        var cluster = new RestoredCluster(2, WithWeb);
        cluster.Confirm(1);
        var status = StatusProjection.Status(cluster.State, LeaderInfo.None, cluster.Now);
        var problem = Assert.Single(status.Problems, problem => problem.Object == "node h2");
        Assert.Equal((int)ReasonCode.IncarnationUnconfirmed, problem.Reason.Code);
        Assert.StartsWith("cluster recover confirm 2", problem.Command, StringComparison.Ordinal);
        Assert.Equal(2, NodeProjection.List(cluster.State, LeaderInfo.None).Nodes.Single(node => node.Name == "h2").UnconfirmedIncarnation);
    }

    [Fact]
    public void A_lost_machine_is_removed_and_its_replicas_are_placed_with_ids_that_no_life_has_given()
    {
        var cluster = new RestoredCluster(3, WithWeb);
        cluster.NobodyInConsul();
        cluster.Confirm(1);
        cluster.Confirm(2);
        cluster.Pass(TimeSpan.FromSeconds(2));
        Assert.IsType<MutationResult.Accepted>(cluster.Ask((ticket, origin) => new ClusterEvent.RemoveNode(ticket, origin, "h3")));
        cluster.Pass(TimeSpan.FromSeconds(2));

        var moved = cluster.Live(1).Single(record => record.Id.Slot == 3);
        Assert.Equal(RestoredCluster.Floor + 1, moved.Id.Generation);
        Assert.NotEqual(ModelCluster.Id(3), moved.Node);
    }

    [Fact]
    public void A_node_is_confirmed_by_its_first_session_and_stays_so()
    {
        var cluster = new RestoredCluster(1, WithWeb);
        cluster.Confirm(1);
        Assert.Equal(2, cluster.State.Nodes[ModelCluster.Id(1)].Incarnation);
    }

    private ClusterState WithWeb(ClusterState state)
    {
        var nodes = state.Nodes.Count;
        var records = Enumerable.Range(1, 3).Select(slot => States.Allocation(slot, Math.Min(slot, nodes))).ToArray();
        return (state with { NextServiceId = 1 }).With(web, records) with { NextServiceId = 1_000_001 };
    }
}
