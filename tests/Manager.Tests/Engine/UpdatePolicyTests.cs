// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Tests.Engine;

/// <summary>How many at once, in which order, how long each is watched, and what failures mean.</summary>
public sealed class UpdatePolicyTests
{
    private const string Web2 = "registry.test:5000/web:2";

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 1)]
    [InlineData(10, 5)]
    [InlineData(100, 10)]
    public void Half_of_the_replicas_at_most_ten_go_at_once_when_nothing_is_set(int replicas, int expected) =>
        Assert.Equal(expected, UpdatePolicy.Default.AtOnce(replicas));

    [Fact]
    public void By_default_ten_replicas_are_new_in_seven_seconds_and_never_fewer_than_ten_serve()
    {
        var cluster = Deployed(Specs.Web(10), nodes: 4);
        cluster.Apply(Specs.Web(10, Web2));
        var begun = cluster.Now;
        var most = Watch(cluster, least: 10);
        Assert.Equal(15, most);
        Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
        Assert.True(cluster.Live("web").Max(record => record.CreatedAt) - begun < TimeSpan.FromSeconds(7));
        Assert.True(cluster.Service("web").Rollout.EndedAt - begun < TimeSpan.FromSeconds(13));
    }

    [Fact]
    public void Stop_first_takes_away_as_many_as_it_may_and_not_more()
    {
        var update = new UpdatePolicy { Parallelism = 3, Order = UpdateOrder.StopFirst };
        var cluster = Deployed(Specs.Web(8));
        cluster.Apply(Specs.Web(8, Web2) with { Update = update });
        var fewest = 8;
        var most = Watch(cluster, least: 5, seen => fewest = Math.Min(fewest, seen));
        Assert.Equal(5, fewest);
        Assert.Equal(8, most);
        Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
    }

    [Fact]
    public void Start_first_waits_for_room_and_goes_back_when_none_comes()
    {
        var spec = Specs.Web(1).WithFixedPort() with { ProgressDeadline = TimeSpan.FromSeconds(20) };
        var cluster = Deployed(spec, nodes: 1);
        var before = Assert.Single(cluster.Live("web")).Id;
        cluster.Apply(spec.With(Web2) with { Update = new UpdatePolicy { Order = UpdateOrder.StartFirst } });
        Watch(cluster, least: 1);
        Assert.Equal(RolloutState.RolledBack, cluster.Service("web").Rollout.State);
        Assert.Equal(before, Assert.Single(cluster.Live("web")).Id);
    }

    [Fact]
    public void Between_two_batches_there_is_the_rest_that_was_asked_for()
    {
        var update = new UpdatePolicy { Parallelism = 2, Delay = TimeSpan.FromSeconds(30) };
        var cluster = Deployed(Specs.Web(4));
        cluster.Apply(Specs.Web(4, Web2) with { Update = update });
        Watch(cluster, least: 4);
        Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
        var created = cluster.Live("web").Where(record => record.IsWanted).Select(record => record.CreatedAt).Order().ToList();
        Assert.Equal(created[0], created[1]);
        Assert.Equal(created[2], created[3]);
        Assert.InRange((created[2] - created[1]).TotalSeconds, 35, 36);
    }

    [Fact]
    public void The_window_that_was_asked_for_is_longer_than_the_deadline_and_the_rollout_succeeds()
    {
        var spec = Specs.Web(2) with { ProgressDeadline = TimeSpan.FromSeconds(10) };
        var cluster = Deployed(spec);
        cluster.Apply(spec.With(Web2) with { Update = new UpdatePolicy { Monitor = TimeSpan.FromSeconds(40) } });
        Watch(cluster, least: 2);
        Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
        var rollout = cluster.Service("web").Rollout;
        Assert.InRange((rollout.EndedAt!.Value - rollout.StartedAt).TotalSeconds, 80, 82);
    }

    [Fact]
    public void Pause_halts_where_it_is_and_keeps_what_serves()
    {
        var cluster = Deployed(Specs.Web(3));
        cluster.Images[Web2] = ImageBehaviour.Crashes;
        cluster.Apply(Specs.Web(3, Web2) with { Update = new UpdatePolicy { FailureAction = FailureAction.Pause } });
        cluster.Run(TimeSpan.FromSeconds(20));
        var service = cluster.Service("web");
        Assert.Equal(RolloutState.Failed, service.Rollout.State);
        Assert.Equal(2, service.Revision);
        Assert.All(cluster.Live("web"), record => Assert.Equal(1, record.Revision));
    }

    [Fact]
    public void Continue_tries_every_replica_and_has_failed_in_the_end()
    {
        var cluster = Deployed(Specs.Web(3));
        cluster.Images[Web2] = ImageBehaviour.Crashes;
        cluster.Apply(Specs.Web(3, Web2) with { Update = new UpdatePolicy { FailureAction = FailureAction.Continue } });
        Watch(cluster, least: 3);
        var rollout = cluster.Service("web").Rollout;
        Assert.Equal(RolloutState.Failed, rollout.State);
        Assert.NotNull(rollout.Failed);
        Assert.Equal(6, cluster.State.Allocations[new ServiceId(1)].LastGenerations.Values.Sum());
        cluster.Run(TimeSpan.FromSeconds(5));
        Assert.All(cluster.Live("web"), record => Assert.Equal(1, record.Revision));
    }

    [Fact]
    public void As_many_may_fail_as_the_ratio_says_and_the_verdict_waits_for_them()
    {
        var cluster = Deployed(Specs.Web(4));
        cluster.Apply(Specs.Web(4, Web2) with { Update = new UpdatePolicy { MaxFailureRatio = 0.25 } });
        cluster.Run(TimeSpan.FromSeconds(1));
        var sick = cluster.Live("web").First(record => record.Revision == 2);
        Report(cluster, sick, HealthState.Unhealthy);
        cluster.Run(TimeSpan.FromSeconds(60));
        Assert.Equal(RolloutState.Running, cluster.Service("web").Rollout.State);
        Assert.Equal(4, cluster.Live("web").Count(record => record.Revision == 2));
        Assert.Equal(4, cluster.Available("web"));
        Report(cluster, sick, HealthState.Healthy);
        cluster.Run(TimeSpan.FromSeconds(5));
        Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
    }

    [Fact]
    public void A_change_of_the_policy_alone_restarts_nothing()
    {
        var cluster = Deployed(Specs.Web(2));
        var before = cluster.Live("web").Select(record => record.Id);
        var changed = cluster.Apply(Specs.Web(2) with { Update = new UpdatePolicy { Parallelism = 2 } });
        Assert.Equal(ServiceChangeKind.Metadata, Assert.IsType<MutationResult.Accepted>(changed).Outcomes[0].Change);
        cluster.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(before, cluster.Live("web").Select(record => record.Id));
    }

    /// <summary>Until the rollout has ended; returns the most wanted replicas that there were at once.</summary>
    private static int Watch(ModelCluster cluster, int least, Action<int>? seen = null)
    {
        var most = 0;
        for (var i = 0; i < 3000 && cluster.Service("web").Rollout.State == RolloutState.Running; i++)
        {
            cluster.Run(TimeSpan.FromMilliseconds(100));
            Assert.True(cluster.Available("web") >= least, $"{cluster.Available("web")} serve at {cluster.Now:T}");
            seen?.Invoke(cluster.Available("web"));
            most = Math.Max(most, cluster.Live("web").Count(record => record.IsWanted));
        }

        return most;
    }

    private static void Report(ModelCluster cluster, AllocationRecord record, HealthState health)
    {
        var seen = new AllocationObservation { State = AllocationState.Running, Health = health, ChangedAt = cluster.Now };
        var session = cluster.Agents[record.Node].Session;
        cluster.Send(new ClusterEvent.AgentReported(record.Node, session, true, null, [new AllocationReport(record.Id, seen)]));
    }

    private static ModelCluster Deployed(ServiceSpec spec, int nodes = 3)
    {
        var cluster = new ModelCluster(nodes).Up();
        cluster.Apply(spec);
        cluster.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
        return cluster;
    }
}
