// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Tests.Engine;

public sealed class NodeTests
{
    [Fact]
    public void Session_gone_and_serf_passing_moves_nothing_for_a_minute()
    {
        var cluster = Deployed(3, Specs.Web(3));
        cluster.Disconnect(ModelCluster.Id(2));
        cluster.Run(TimeSpan.FromSeconds(59));
        Assert.Equal(NodeState.AgentAway, StateOf(cluster, 2));
        Assert.Contains(cluster.Live("web"), record => record.Node == ModelCluster.Id(2));
        cluster.Run(TimeSpan.FromSeconds(3));
        Assert.DoesNotContain(cluster.Live("web"), record => record.Node == ModelCluster.Id(2));
        Assert.Equal(3, cluster.Available("web"));
    }

    [Fact]
    public void Serf_gone_and_session_alive_moves_nothing()
    {
        var cluster = Deployed(3, Specs.Web(3));
        cluster.Changes.Clear();
        cluster.Send(new ClusterEvent.SerfObserved(cluster.State.Nodes.Keys.ToSorted(_ => false)));
        cluster.Run(TimeSpan.FromMinutes(5));
        Assert.Equal(NodeState.Ready, StateOf(cluster, 2));
        Assert.Empty(cluster.Changes);
    }

    [Fact]
    public void A_dead_engine_moves_its_allocations_after_thirty_seconds()
    {
        var cluster = Deployed(3, Specs.Web(3));
        var agent = cluster.Agents[ModelCluster.Id(3)];
        agent.EngineUp = false;
        cluster.Send(new ClusterEvent.AgentReported(agent.Node, agent.Session, false, null, []));
        cluster.Run(TimeSpan.FromSeconds(29));
        Assert.Contains(cluster.Live("web"), record => record.Node == agent.Node);
        Assert.Equal(NodeState.EngineDown, StateOf(cluster, 3));
        cluster.Run(TimeSpan.FromSeconds(3));
        Assert.DoesNotContain(cluster.Live("web"), record => record.Node == agent.Node);
    }

    [Fact]
    public void A_returning_node_keeps_what_was_not_replaced_and_drops_what_was()
    {
        var cluster = Deployed(3, Specs.Web(3));
        cluster.Disconnect(ModelCluster.Id(2));
        cluster.Run(TimeSpan.FromSeconds(30));
        cluster.Connect(ModelCluster.Id(2));
        cluster.Run(TimeSpan.FromSeconds(5));
        Assert.All(cluster.Live("web"), record => Assert.Equal(1, record.Id.Generation));

        cluster.Disconnect(ModelCluster.Id(2));
        cluster.Run(TimeSpan.FromSeconds(65));
        cluster.Connect(ModelCluster.Id(2));
        cluster.Run(TimeSpan.FromSeconds(5));
        Assert.Empty(cluster.Agents[ModelCluster.Id(2)].Running);
        Assert.Equal(3, cluster.Agents.Values.Sum(agent => agent.Running.Count));
    }

    [Fact]
    public void A_new_leader_adopts_what_runs_and_changes_nothing()
    {
        var cluster = Deployed(5, Specs.Web(10));
        cluster.Changes.Clear();
        cluster.ChangeLeader();
        cluster.Run(TimeSpan.FromMinutes(10));
        Assert.Empty(cluster.Changes);
        Assert.Equal(10, cluster.Available("web"));
    }

    [Fact]
    public void A_new_leader_waits_a_second_and_then_counts_who_is_missing_as_down()
    {
        var cluster = Deployed(5, Specs.Web(5));
        cluster.Agents[ModelCluster.Id(4)].PowerOff();
        cluster.ChangeLeader();
        cluster.Run(TimeSpan.FromMilliseconds(900));
        Assert.Contains(cluster.Live("web"), record => record.Node == ModelCluster.Id(4));
        cluster.Run(TimeSpan.FromMilliseconds(900));
        Assert.Equal(NodeState.Down, StateOf(cluster, 4));
        Assert.Equal(5, cluster.Available("web"));
    }

    [Fact]
    public void The_brake_holds_on_mass_loss_until_confirmed()
    {
        var cluster = Deployed(5, Specs.Web(5));
        cluster.Kill(4);
        cluster.Agents[ModelCluster.Id(5)].PowerOff();
        cluster.Disconnect(ModelCluster.Id(5));
        cluster.ObserveSerf();
        cluster.Run(TimeSpan.FromMinutes(10));
        Assert.NotNull(cluster.State.BrakeSince);
        Assert.Equal(5, cluster.Live("web").Count);
        Assert.Equal(3, cluster.Available("web"));
        Assert.Equal(ReasonCode.MassLossBrake, cluster.State.Gaps[new ServiceId(1)].Reason.Code);
        Assert.Equal(2, cluster.State.Gaps[new ServiceId(1)].Count);

        var reply = Assert.IsType<MutationResult.Accepted>(cluster.Ask((n, origin) => new ClusterEvent.ConfirmLoss(n, origin)));
        Assert.Equal(2, reply.Outcomes.Length);
        cluster.Run(TimeSpan.FromSeconds(1));
        Assert.Null(cluster.State.BrakeSince);
        Assert.Equal(5, cluster.Available("web"));
    }

    [Fact]
    public void The_brake_is_lifted_by_a_return()
    {
        var cluster = Deployed(5, Specs.Web(5));
        cluster.Kill(4);
        cluster.Kill(5);
        cluster.Run(TimeSpan.FromMinutes(2));
        Assert.NotNull(cluster.State.BrakeSince);
        cluster.Revive(4);
        cluster.Run(TimeSpan.FromSeconds(3));
        Assert.Null(cluster.State.BrakeSince);
        Assert.Equal(5, cluster.Available("web"));
    }

    [Fact]
    public void Losses_more_than_a_minute_apart_are_no_mass_loss()
    {
        var cluster = Deployed(5, Specs.Web(5));
        cluster.Kill(4);
        cluster.Run(TimeSpan.FromSeconds(70));
        cluster.Kill(5);
        cluster.Run(TimeSpan.FromSeconds(3));
        Assert.Null(cluster.State.BrakeSince);
        Assert.Equal(5, cluster.Available("web"));
    }

    [Fact]
    public void A_volume_stays_at_home_and_says_so_when_its_home_is_down()
    {
        var cluster = Deployed(3, Specs.Web(1).WithVolume());
        var home = cluster.Live("web")[0].Node;
        Assert.Equal(home, cluster.State.Volumes["default/data"].Home);
        cluster.Kill((int)home.Value);
        cluster.Run(TimeSpan.FromSeconds(5));
        Assert.Equal(home, Assert.Single(cluster.Live("web")).Node);
        var gap = cluster.State.Gaps[new ServiceId(1)];
        Assert.Contains(gap.Nodes, verdict => verdict.Reason!.Code == ReasonCode.VolumeHomeDown);
        cluster.Revive((int)home.Value);
        cluster.Run(TimeSpan.FromSeconds(5));
        Assert.Equal(1, cluster.Available("web"));
        Assert.Empty(cluster.State.Gaps);
    }

    [Fact]
    public void A_drained_node_is_emptied_without_a_gap_in_service()
    {
        var cluster = Deployed(3, Specs.Web(3));
        cluster.SetAvailability("h1", NodeAvailability.Drained);
        for (var i = 0; i < 100; i++)
        {
            cluster.Run(TimeSpan.FromMilliseconds(100));
            Assert.True(cluster.Available("web") >= 3);
        }

        Assert.DoesNotContain(cluster.Live("web"), record => record.Node == ModelCluster.Id(1));
    }

    [Fact]
    public void A_paused_node_keeps_what_it_has_and_takes_no_more()
    {
        var cluster = Deployed(2, Specs.Web(2));
        cluster.SetAvailability("h1", NodeAvailability.Paused);
        cluster.Scale("web", 5);
        cluster.Run(TimeSpan.FromSeconds(8));
        Assert.Single(cluster.Live("web"), record => record.Node == ModelCluster.Id(1));
        Assert.Equal(5, cluster.Available("web"));
    }

    [Fact]
    public void A_global_service_is_on_each_node_and_follows_joins_labels_and_drains()
    {
        var cluster = new ModelCluster(4).Up();
        cluster.Apply(Specs.Global().WithConstraint("node.labels.edge != no"));
        cluster.Run(TimeSpan.FromSeconds(8));
        Assert.Equal(4, cluster.Available("agent"));
        Assert.Equal([1, 2, 3, 4], cluster.Live("agent").Select(record => record.Id.Slot));
        cluster.Ask((n, origin) => new ClusterEvent.UpdateNode(n, origin, "h2", Maps.Of([new("edge", "no")]), [], null));
        cluster.SetAvailability("h3", NodeAvailability.Drained);
        cluster.Run(TimeSpan.FromSeconds(4));
        Assert.Equal([1, 4], cluster.Live("agent").Select(record => record.Id.Slot));
        cluster.Kill(4);
        cluster.Run(TimeSpan.FromSeconds(4));
        Assert.Equal([1, 4], cluster.Live("agent").Select(record => record.Id.Slot));
        cluster.Apply(Specs.Global().With("registry.test:5000/agent:2"));
        cluster.Run(TimeSpan.FromSeconds(30));
        Assert.Equal(RolloutState.Succeeded, cluster.Service("agent").Rollout.State);
        cluster.Revive(4);
        cluster.Run(TimeSpan.FromSeconds(30));
        Assert.All(cluster.Live("agent"), record => Assert.Equal(2, record.Revision));
    }

    [Fact]
    public void A_removed_node_takes_its_allocations_with_it()
    {
        var cluster = Deployed(3, Specs.Web(3));
        Assert.IsType<MutationResult.Refused>(cluster.Ask((n, origin) => new ClusterEvent.RemoveNode(n, origin, "h2")));
        cluster.Kill(2);
        cluster.Run(TimeSpan.FromSeconds(2));
        Assert.IsType<MutationResult.Accepted>(cluster.Ask((n, origin) => new ClusterEvent.RemoveNode(n, origin, "h2")));
        cluster.Run(TimeSpan.FromSeconds(2));
        Assert.False(cluster.State.Nodes.ContainsKey(ModelCluster.Id(2)));
        Assert.Equal(3, cluster.Available("web"));
    }

    [Fact]
    public void A_taken_port_moves_the_replica_and_fails_only_when_no_node_is_left()
    {
        var cluster = new ModelCluster().Up();
        cluster.TakenPorts.Add(ModelCluster.Id(1));
        cluster.Apply(Specs.Web(2).WithFixedPort());
        cluster.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
        Assert.DoesNotContain(cluster.Live("web"), record => record.Node == ModelCluster.Id(1));

        cluster.TakenPorts.UnionWith([ModelCluster.Id(2), ModelCluster.Id(3)]);
        cluster.Apply(Specs.Web(1, name: "other").WithFixedPort(81));
        cluster.Run(TimeSpan.FromSeconds(4));
        Assert.Equal(ReasonCode.PortTaken, cluster.Service("other").Rollout.Reason!.Code);
    }

    [Fact]
    public void A_replica_on_a_removed_node_does_not_count_as_serving()
    {
        var cluster = new ModelCluster().Up();
        cluster.Apply(Specs.Web(1).WithConstraint("node.hostname == h2"));
        cluster.Run(TimeSpan.FromSeconds(10));
        cluster.Kill(2);
        cluster.Run(TimeSpan.FromSeconds(2));

        Assert.IsType<MutationResult.Accepted>(cluster.Ask((n, origin) => new ClusterEvent.RemoveNode(n, origin, "h2")));
        cluster.Run(TimeSpan.FromSeconds(2));

        Assert.Equal(0, cluster.Available("web"));
    }

    [Fact]
    public void A_node_whose_port_was_taken_is_no_longer_avoided_once_the_replica_serves_there()
    {
        var cluster = new ModelCluster().Up();
        cluster.TakenPorts.Add(ModelCluster.Id(1));
        cluster.Apply(Specs.Web(3).WithFixedPort());
        cluster.Run(TimeSpan.FromSeconds(2));
        cluster.TakenPorts.Clear();
        cluster.Run(TimeSpan.FromSeconds(12));
        Assert.Equal(3, cluster.Available("web"));

        cluster.Apply(Specs.Web(3).WithFixedPort().With("registry.test:5000/web:2"));
        cluster.Run(TimeSpan.FromSeconds(45));
        Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
    }

    private static NodeState StateOf(ModelCluster cluster, int node) => cluster.State.NodeObservations[ModelCluster.Id(node)].State;

    private static ModelCluster Deployed(int nodes, ServiceSpec spec)
    {
        var cluster = new ModelCluster(nodes).Up();
        cluster.Apply(spec);
        cluster.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(RolloutState.Succeeded, cluster.Service(spec.Name.Display).Rollout.State);
        return cluster;
    }
}
