// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Tests.Engine;

/// <summary>Updates where no node has room for one more replica, and fixed ports.</summary>
public sealed class FullClusterTests
{
    private const string Web2 = "registry.test:5000/web:2";

    [Fact]
    public void A_full_cluster_is_updated_by_stopping_first_one_at_a_time()
    {
        var spec = Specs.Web(3).Reserving(5L << 30);
        var cluster = Deployed(spec, nodes: 3);
        cluster.Apply(spec.With(Web2));
        Assert.True(LeastAvailable(cluster, "web") >= 2);
        Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
        Assert.All(cluster.Live("web"), record => Assert.Equal(2, record.Revision));
        Assert.Empty(cluster.State.Gaps);
    }

    [Fact]
    public void Nothing_is_stopped_for_what_would_not_fit_in_its_place()
    {
        var cluster = Deployed(Specs.Web(3).Reserving(3L << 30), nodes: 3);
        cluster.Apply(Specs.Web(3, name: "side").Reserving(5L << 30));
        cluster.Run(TimeSpan.FromSeconds(10));
        cluster.Apply(Specs.Web(3, Web2).Reserving(4L << 30));
        Assert.Equal(3, LeastAvailable(cluster, "web"));
        Assert.Equal(ReasonCode.NoNodeFreeNow, cluster.State.Gaps[cluster.Service("web").Id].Reason.Code);
        cluster.Remove("side");
        cluster.Run(TimeSpan.FromSeconds(60));
        Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
    }

    [Fact]
    public void Nothing_that_serves_is_stopped_while_another_is_missing()
    {
        var spec = Specs.Web(3).Reserving(5L << 30);
        var cluster = Deployed(spec, nodes: 3);
        cluster.Kill(3);
        cluster.Run(TimeSpan.FromSeconds(2));
        cluster.Apply(spec.With(Web2));
        Assert.Equal(2, LeastAvailable(cluster, "web"));
        cluster.Revive(3);
        cluster.Run(TimeSpan.FromSeconds(60));
        Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
    }

    [Fact]
    public void A_failed_update_in_a_full_cluster_brings_the_old_one_back()
    {
        var spec = Specs.Web(3).Reserving(5L << 30);
        var cluster = Deployed(spec, nodes: 3);
        cluster.Images[Web2] = ImageBehaviour.Crashes;
        cluster.Apply(spec.With(Web2));
        Assert.True(LeastAvailable(cluster, "web") >= 2);
        Assert.Equal(RolloutState.RolledBack, cluster.Service("web").Rollout.State);
        Assert.Equal(3, cluster.Available("web"));
        Assert.All(cluster.Live("web"), record => Assert.Equal(1, record.Revision));
    }

    [Fact]
    public void A_leader_change_between_stop_and_start_loses_nothing()
    {
        var spec = Specs.Web(3).Reserving(5L << 30);
        var cluster = Deployed(spec, nodes: 3);
        cluster.Apply(spec.With(Web2));
        for (var i = 0; i < 40; i++)
        {
            cluster.Run(TimeSpan.FromMilliseconds(370));
            cluster.ChangeLeader();
        }

        cluster.Run(TimeSpan.FromSeconds(60));
        Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
        Assert.Equal(3, cluster.Available("web"));
    }

    [Fact]
    public void A_fixed_port_starts_first_where_another_node_is_free()
    {
        var spec = Specs.Web(2).WithFixedPort();
        var cluster = Deployed(spec, nodes: 3);
        cluster.Apply(spec.With(Web2));
        Assert.Equal(2, LeastAvailable(cluster, "web"));
        Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
    }

    [Fact]
    public void A_fixed_port_on_every_node_is_updated_one_at_a_time()
    {
        var spec = Specs.Web(3).WithFixedPort();
        var cluster = Deployed(spec, nodes: 3);
        cluster.Apply(spec.With(Web2));
        Assert.Equal(2, LeastAvailable(cluster, "web"));
        Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
    }

    [Fact]
    public void A_port_that_is_taken_everywhere_fails_within_five_seconds_and_names_every_node()
    {
        var cluster = new ModelCluster().Up();
        cluster.Apply(Specs.Web(1, name: "front").WithFixedPort());
        cluster.Run(TimeSpan.FromSeconds(8));
        var free = cluster.State.Nodes.Keys.Where(node => node != cluster.Live("front")[0].Node);
        cluster.TakenPorts.UnionWith(free);
        cluster.Apply(Specs.Web(1).WithFixedPort());
        cluster.Run(TimeSpan.FromSeconds(5));
        var reason = cluster.Service("web").Rollout.Reason!;
        Assert.Equal(ReasonCode.PortTaken, reason.Code);
        Assert.All(cluster.State.Nodes.Values, node => Assert.Contains(node.Name, reason.Text, StringComparison.Ordinal));
        Assert.Contains("front.1", reason.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_port_that_allocations_hold_everywhere_fails_within_five_seconds()
    {
        var cluster = Deployed(Specs.Web(3).WithFixedPort(), nodes: 3);
        cluster.Apply(Specs.Web(1, name: "second").WithFixedPort());
        cluster.Run(TimeSpan.FromSeconds(3));
        Assert.Equal(RolloutState.Running, cluster.Service("second").Rollout.State);
        cluster.Run(TimeSpan.FromSeconds(2));
        Assert.Equal(ReasonCode.PortInUse, cluster.Service("second").Rollout.Reason!.Code);
        cluster.Scale("web", 2);
        cluster.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(1, cluster.Available("second"));
    }

    [Fact]
    public void A_port_whose_holder_is_being_replaced_is_waited_for()
    {
        var cluster = Deployed(Specs.Web(2).WithFixedPort(), nodes: 3);
        cluster.Apply(Specs.Web(2, Web2).WithFixedPort());
        cluster.Run(TimeSpan.FromMilliseconds(500));
        Assert.Equal(3, cluster.Live("web").Select(record => record.Node).Distinct().Count());
        cluster.Apply(Specs.Web(1, name: "second").WithFixedPort());
        cluster.Run(TimeSpan.FromSeconds(40));
        Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
        Assert.Equal(RolloutState.Succeeded, cluster.Service("second").Rollout.State);
    }

    [Fact]
    public void Of_two_services_with_one_port_each_gets_its_nodes()
    {
        var cluster = new ModelCluster(4).Up();
        cluster.Apply(Specs.Web(2, name: "a").WithFixedPort());
        cluster.Apply(Specs.Web(2, name: "b").WithFixedPort());
        cluster.Run(TimeSpan.FromSeconds(10));
        Assert.Equal((2, 2), (cluster.Available("a"), cluster.Available("b")));
        cluster.Apply(Specs.Web(2, Web2, "a").WithFixedPort());
        cluster.Apply(Specs.Web(2, Web2, "b").WithFixedPort());
        cluster.Run(TimeSpan.FromSeconds(40));
        Assert.Equal(RolloutState.Succeeded, cluster.Service("a").Rollout.State);
        Assert.Equal(RolloutState.Succeeded, cluster.Service("b").Rollout.State);
    }

    [Fact]
    public void An_update_that_takes_a_volume_elsewhere_moves_to_its_home()
    {
        var cluster = new ModelCluster().Up();
        cluster.Apply(Specs.Web(1, name: "db").WithVolume());
        cluster.Apply(Specs.Web(1));
        cluster.Run(TimeSpan.FromSeconds(10));
        var home = cluster.State.Volumes["default/data"].Home;
        Assert.NotEqual(home, cluster.Live("web")[0].Node);
        cluster.Apply(Specs.Web(1).WithVolume());
        cluster.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
        Assert.Equal(home, cluster.Live("web")[0].Node);
    }

    [Fact]
    public void What_uses_a_volume_on_a_paused_node_is_not_stopped_for_an_update()
    {
        var cluster = Deployed(Specs.Web(1).WithVolume(), nodes: 2);
        cluster.SetAvailability(cluster.State.Nodes[cluster.Live("web")[0].Node].Name, NodeAvailability.Paused);
        cluster.Apply(Specs.Web(1, Web2).WithVolume());
        Assert.Equal(1, LeastAvailable(cluster, "web"));
    }

    /// <summary>Runs for 40 s and looks each tenth of a second.</summary>
    private static int LeastAvailable(ModelCluster cluster, string name)
    {
        var least = int.MaxValue;
        for (var i = 0; i < 400; i++)
        {
            cluster.Run(TimeSpan.FromMilliseconds(100));
            least = Math.Min(least, cluster.Available(name));
        }

        return least;
    }

    private static ModelCluster Deployed(ServiceSpec spec, int nodes)
    {
        var cluster = new ModelCluster(nodes).Up();
        cluster.Apply(spec);
        cluster.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
        return cluster;
    }
}
