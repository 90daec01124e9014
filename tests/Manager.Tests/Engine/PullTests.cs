// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Tests.Engine;

/// <summary>Nothing that runs is touched before the nodes have the new image, and what can not be had touches nothing at all.</summary>
public sealed class PullTests
{
    private const string Web2 = "registry.test:5000/web:2";
    private static readonly string Pinned2 = ImageReferenceOf(Web2);

    [Fact]
    public void Nothing_stops_before_all_nodes_have_the_image_and_a_stop_takes_no_longer_for_the_pull()
    {
        var cluster = Deployed(Specs.Web(3));
        cluster.Pulls.Takes[Pinned2] = TimeSpan.FromSeconds(40);
        var before = Ids(cluster);
        cluster.Apply(Specs.Web(3, Web2) with { Update = new UpdatePolicy { Order = UpdateOrder.StopFirst } });
        cluster.Run(TimeSpan.FromSeconds(39));
        Assert.Equal(before, Ids(cluster));
        var pull = Assert.Single(cluster.State.ImagePulls.Values);
        Assert.Equal((3, 0, false), (pull.Nodes.Count, pull.PresentCount, pull.IsDone));
        cluster.Run(TimeSpan.FromSeconds(40));
        Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
        Assert.Empty(cluster.State.ImagePulls);
        Assert.Equal(3, cluster.Live("web").Count(record => record.Revision == 2));
    }

    [Theory]
    [InlineData(FailureAction.Rollback, RolloutState.RolledBack)]
    [InlineData(FailureAction.Pause, RolloutState.Failed)]
    [InlineData(FailureAction.Continue, RolloutState.Failed)]
    public void A_node_that_can_not_have_it_ends_the_rollout_with_nothing_touched(FailureAction action, RolloutState end)
    {
        var cluster = Deployed(Specs.Web(3));
        var before = Ids(cluster);
        cluster.Pulls.Takes[Pinned2] = TimeSpan.FromSeconds(10);
        cluster.Pulls.Fails[ModelCluster.Id(2)] = new Reason(ReasonCode.RegistryUnreachable, "connection refused");
        cluster.Apply(Specs.Web(3, Web2) with { Update = new UpdatePolicy { FailureAction = action } });
        cluster.Run(TimeSpan.FromSeconds(11));
        var rollout = cluster.Service("web").Rollout;
        Assert.Equal((end, ReasonCode.RegistryUnreachable, "h2"), (rollout.State, rollout.Reason!.Code, rollout.FailedNode));
        Assert.Equal($"the registry of image {Web2} does not answer (h2: connection refused)", rollout.Reason.Text);
        cluster.Run(TimeSpan.FromMinutes(1));
        Assert.Equal(before, Ids(cluster));
        Assert.Empty(cluster.State.ImagePulls);
    }

    [Fact]
    public void A_pull_that_does_not_move_meets_the_deadline_and_one_that_does_may_take_longer()
    {
        var spec = Specs.Web(2, Web2) with { ProgressDeadline = TimeSpan.FromSeconds(20) };
        var cluster = Deployed(Specs.Web(2));
        var before = Ids(cluster);
        cluster.Pulls.Takes[Pinned2] = TimeSpan.FromSeconds(90);
        cluster.Apply(spec);
        cluster.Run(TimeSpan.FromSeconds(21));
        var rollout = cluster.Service("web").Rollout;
        Assert.Equal((RolloutState.RolledBack, ReasonCode.ProgressDeadline), (rollout.State, rollout.Reason!.Code));
        Assert.Equal("h1", rollout.FailedNode);
        Assert.Equal($"no progress for 20 s: h1 and 2 more did not finish pulling image {Web2}", rollout.Reason.Text);
        Assert.Equal(before, Ids(cluster));
        cluster.Pulls.TellsProgress = true;
        cluster.Apply(spec, force: true);
        cluster.Run(TimeSpan.FromSeconds(60));
        Assert.Equal(RolloutState.Running, cluster.Service("web").Rollout.State);
        cluster.Run(TimeSpan.FromSeconds(40));
        Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
    }

    [Fact]
    public void A_new_leader_at_any_moment_asks_again_and_touches_nothing_before()
    {
        for (var step = 0; step < 30; step++)
        {
            var cluster = Deployed(Specs.Web(3));
            var before = Ids(cluster);
            cluster.Pulls.Takes[Pinned2] = TimeSpan.FromSeconds(8);
            cluster.Apply(Specs.Web(3, Web2));
            var isTouched = false;
            for (var tenth = 0; tenth < 300; tenth++)
            {
                if (tenth == step * 5) cluster.ChangeLeader();
                cluster.Run(TimeSpan.FromMilliseconds(100));
                isTouched |= !before.SequenceEqual(Ids(cluster));
                Assert.True(!isTouched || cluster.Pulls.Present.Count == 3, $"touched with {cluster.Pulls.Present.Count}, step {step}");
                Assert.True(cluster.Available("web") >= 3);
            }

            Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
        }
    }

    [Fact]
    public void What_is_there_already_costs_no_time_and_a_first_deploy_is_not_held_up()
    {
        var cluster = Deployed(Specs.Web(2));
        cluster.Apply(Specs.Web(2, Web2));
        cluster.Run(TimeSpan.Zero);
        Assert.Contains(cluster.Live("web"), record => record.Revision == 2);
        cluster.Pulls.Takes[ImageReferenceOf("registry.test:5000/api:1")] = TimeSpan.FromMinutes(3);
        cluster.Apply(Specs.Web(1, "registry.test:5000/api:1", "api"));
        cluster.Run(TimeSpan.Zero);
        Assert.Single(cluster.Live("api"));
    }

    [Fact]
    public void Who_goes_away_or_knows_nothing_of_it_is_not_waited_for()
    {
        var cluster = Deployed(Specs.Web(3));
        cluster.Pulls.OldAgents.Add(ModelCluster.Id(3));
        cluster.Disconnect(ModelCluster.Id(3));
        cluster.Connect(ModelCluster.Id(3));
        cluster.Pulls.Takes[Pinned2] = TimeSpan.FromMinutes(4);
        cluster.Apply(Specs.Web(3, Web2));
        cluster.Run(TimeSpan.FromSeconds(2));
        Assert.Equal([ModelCluster.Id(1), ModelCluster.Id(2)], Assert.Single(cluster.State.ImagePulls.Values).Nodes);
        cluster.Pulls.Present.Add((ModelCluster.Id(1), Pinned2));
        cluster.Kill(2);
        cluster.Run(TimeSpan.FromSeconds(30));
        Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
    }

    [Fact]
    public void So_many_nodes_pull_at_once_and_all_of_a_global_service()
    {
        var spec = Specs.Global();
        var cluster = new ModelCluster(40).Up();
        cluster.Apply(spec);
        cluster.Run(TimeSpan.FromSeconds(10));
        var image = "registry.test:5000/agent:2";
        cluster.Pulls.Takes[ImageReferenceOf(image)] = TimeSpan.FromSeconds(10);
        cluster.Apply(spec.With(image));
        cluster.Run(TimeSpan.FromSeconds(29));
        Assert.Equal(40, Assert.Single(cluster.State.ImagePulls.Values).Nodes.Count);
        cluster.Run(TimeSpan.FromMinutes(1));
        Assert.Equal(16, cluster.Pulls.MostAtOnce);
        Assert.Equal(RolloutState.Succeeded, cluster.Service("agent").Rollout.State);
    }

    [Fact]
    public void More_replicas_and_fewer_wait_for_the_image_too_while_a_lost_one_is_replaced_by_its_like()
    {
        var cluster = Deployed(Specs.Web(3));
        cluster.Pulls.Takes[Pinned2] = TimeSpan.FromSeconds(30);
        cluster.Apply(Specs.Web(1, Web2));
        cluster.Run(TimeSpan.FromSeconds(5));
        cluster.Kill(1);
        cluster.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(3, cluster.Available("web"));
        Assert.All(cluster.Live("web"), record => Assert.Equal(1, record.Revision));
        cluster.Run(TimeSpan.FromSeconds(60));
        Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
        Assert.Equal(2, Assert.Single(cluster.Live("web")).Revision);
    }

    [Fact]
    public void Paused_it_is_not_judged_and_aborted_it_asks_nobody_any_more()
    {
        var cluster = Deployed(Specs.Web(2));
        var before = Ids(cluster);
        cluster.Pulls.Takes[Pinned2] = TimeSpan.FromSeconds(10);
        cluster.Pulls.Fails[ModelCluster.Id(1)] = new Reason(ReasonCode.PullFailed, "no space left on device");
        cluster.Apply(Specs.Web(2, Web2));
        cluster.Run(TimeSpan.FromSeconds(1));
        cluster.Control("web", RolloutOrder.Pause);
        cluster.Run(TimeSpan.FromMinutes(1));
        Assert.Equal(RolloutState.Running, cluster.Service("web").Rollout.State);
        cluster.Control("web", RolloutOrder.Abort);
        cluster.Run(TimeSpan.FromSeconds(3));
        Assert.Equal(RolloutState.Aborted, cluster.Service("web").Rollout.State);
        Assert.Equal(before, Ids(cluster));
        Assert.Empty(cluster.State.ImagePulls);
    }

    private static List<AllocationId> Ids(ModelCluster cluster) => [.. cluster.Live("web").Select(record => record.Id)];

    private static string ImageReferenceOf(string image) =>
        ClusterManager.Manager.Planning.ImageReference.Pin(image, $"sha256:{image.Length:x}-{image}");

    private static ModelCluster Deployed(ServiceSpec spec)
    {
        var cluster = new ModelCluster().Up();
        cluster.Apply(spec);
        cluster.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
        return cluster;
    }
}
