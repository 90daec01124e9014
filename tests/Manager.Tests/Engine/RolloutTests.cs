// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Tests.Engine;

public sealed class RolloutTests
{
    private const string Web1 = "registry.test:5000/web:1";
    private const string Web2 = "registry.test:5000/web:2";

    [Fact]
    public void Update_replaces_one_at_a_time_and_never_serves_with_less()
    {
        var cluster = Deployed(Specs.Web(3));
        cluster.Apply(Specs.Web(3, Web2));
        var most = 0;
        for (var i = 0; i < 400 && cluster.Service("web").Rollout.State == RolloutState.Running; i++)
        {
            cluster.Run(TimeSpan.FromMilliseconds(100));
            Assert.True(cluster.Available("web") >= 3);
            most = Math.Max(most, cluster.Live("web").Count(record => record.IsWanted));
        }

        Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
        Assert.Equal(4, most);
        Assert.All(cluster.Live("web").Where(record => record.IsWanted), record => Assert.Equal(2, record.Revision));
        cluster.Run(TimeSpan.FromSeconds(2));
        Assert.Equal(3, cluster.Live("web").Select(record => record.Node).Distinct().Count());
    }

    [Fact]
    public void Update_of_what_holds_a_fixed_port_stops_the_old_one_first()
    {
        var cluster = Deployed(Specs.Web(1).WithFixedPort(), nodes: 1);
        cluster.Apply(Specs.Web(1, Web2).WithFixedPort());
        for (var i = 0; i < 100; i++)
        {
            cluster.Run(TimeSpan.FromMilliseconds(100));
            Assert.True(cluster.Agents[ModelCluster.Id(1)].Running.Count <= 1);
        }

        Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
    }

    [Theory]
    [InlineData(ImageBehaviour.Crashes, ReasonCode.CrashLoop)]
    [InlineData(ImageBehaviour.FailsForGood, ReasonCode.Exited)]
    [InlineData(ImageBehaviour.Unhealthy, ReasonCode.Unhealthy)]
    [InlineData(ImageBehaviour.InvalidConfiguration, ReasonCode.InvalidConfiguration)]
    public void A_bad_update_halts_at_the_first_failure_and_keeps_the_old_ones(ImageBehaviour behaviour, ReasonCode expected)
    {
        var cluster = Deployed(Specs.Web(3));
        cluster.Images[Web2] = behaviour;
        cluster.Apply(Specs.Web(3, Web2));
        cluster.Run(TimeSpan.FromSeconds(5));

        var rollout = cluster.Service("web").Rollout;
        Assert.Equal(RolloutState.RolledBack, rollout.State);
        Assert.Equal(expected, rollout.Reason!.Code);
        Assert.NotEqual("", rollout.FailedNode);
        Assert.NotNull(rollout.Failed);
        cluster.Run(TimeSpan.FromMinutes(2));
        Assert.Equal(3, cluster.Available("web"));
        Assert.All(cluster.Live("web"), record => Assert.Equal(1, record.Revision));
    }

    [Fact]
    public void A_crash_within_the_settle_window_is_noticed_before_a_second_replica_is_touched()
    {
        var cluster = Deployed(Specs.Web(3));
        cluster.Images[Web2] = ImageBehaviour.CrashesAfter3s;
        cluster.Apply(Specs.Web(3, Web2));
        cluster.Run(TimeSpan.FromSeconds(30));
        Assert.Equal(RolloutState.RolledBack, cluster.Service("web").Rollout.State);
        Assert.Equal(3, cluster.Live("web").Count(record => record.Revision == 1));
    }

    [Fact]
    public void A_bad_update_of_what_is_exclusive_returns_to_the_old_revision()
    {
        var cluster = Deployed(Specs.Web(1).WithVolume());
        cluster.Images[Web2] = ImageBehaviour.Crashes;
        cluster.Apply(Specs.Web(1, Web2).WithVolume());
        cluster.Run(TimeSpan.FromSeconds(20));
        Assert.Equal(RolloutState.RolledBack, cluster.Service("web").Rollout.State);
        Assert.Equal(1, Assert.Single(cluster.Live("web")).Revision);
        Assert.Equal(1, cluster.Available("web"));
    }

    [Fact]
    public void A_failed_first_deploy_keeps_trying_and_its_verdict_stays()
    {
        var cluster = new ModelCluster().Up();
        cluster.Images[Web1] = ImageBehaviour.Crashes;
        cluster.Apply(Specs.Web(2));
        cluster.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(RolloutState.Failed, cluster.Service("web").Rollout.State);
        Assert.Equal(2, cluster.Live("web").Count(record => record.IsWanted));
    }

    [Fact]
    public void The_same_spec_again_after_a_failure_is_a_new_try_and_after_success_nothing()
    {
        var cluster = Deployed(Specs.Web(2));
        Assert.Equal(ServiceChangeKind.Unchanged, Outcome(cluster.Apply(Specs.Web(2))).Change);
        cluster.Images[Web2] = ImageBehaviour.Crashes;
        cluster.Apply(Specs.Web(2, Web2));
        cluster.Run(TimeSpan.FromSeconds(10));
        cluster.Images[Web2] = ImageBehaviour.Good;
        var again = Outcome(cluster.Apply(Specs.Web(2, Web2)));
        Assert.Equal(ServiceChangeKind.Updated, again.Change);
        cluster.Run(TimeSpan.FromSeconds(30));
        Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
        Assert.Equal(again.Rollout, cluster.Service("web").Rollout.Number);
    }

    [Fact]
    public void A_newer_rollout_takes_the_place_of_one_under_way()
    {
        var cluster = Deployed(Specs.Web(3));
        cluster.Images[Web2] = ImageBehaviour.NeverStarts;
        cluster.Apply(Specs.Web(3, Web2));
        cluster.Run(TimeSpan.FromSeconds(3));
        cluster.Apply(Specs.Web(3, "registry.test:5000/web:3"));
        cluster.Run(TimeSpan.FromSeconds(40));
        Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
        Assert.All(cluster.Live("web"), record => Assert.Equal(3, record.Revision));
    }

    [Fact]
    public void Without_progress_the_deadline_fails_it_and_says_where_it_hangs()
    {
        var cluster = Deployed(Specs.Web(2));
        cluster.Images[Web2] = ImageBehaviour.NeverStarts;
        cluster.Apply(Specs.Web(2, Web2) with { ProgressDeadline = TimeSpan.FromSeconds(60) });
        cluster.Run(TimeSpan.FromSeconds(55));
        Assert.Equal(RolloutState.Running, cluster.Service("web").Rollout.State);
        cluster.Run(TimeSpan.FromSeconds(10));
        var rollout = cluster.Service("web").Rollout;
        Assert.Equal(ReasonCode.ProgressDeadline, rollout.Reason!.Code);
        Assert.Contains("Pulling", rollout.Reason.Text, StringComparison.Ordinal);
        Assert.Equal(2, cluster.Available("web"));
        cluster.Run(TimeSpan.FromSeconds(10));
        Assert.All(cluster.Live("web"), record => Assert.Equal(1, record.Revision));
    }

    [Fact]
    public void No_node_that_ever_matches_fails_at_once_and_places_when_one_does()
    {
        var cluster = new ModelCluster().Up();
        cluster.Apply(Specs.Web(1).WithConstraint("node.labels.disk == ssd"));
        cluster.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(ReasonCode.NoNodeMatches, cluster.Service("web").Rollout.Reason!.Code);
        cluster.Ask((n, origin) => new ClusterEvent.UpdateNode(n, origin, "h2", Maps.Of([new("disk", "ssd")]), [], null));
        cluster.Run(TimeSpan.FromSeconds(2));
        Assert.Equal(RolloutState.Failed, cluster.Service("web").Rollout.State);
    }

    [Fact]
    public void Zero_replicas_succeed_at_once()
    {
        var cluster = new ModelCluster().Up();
        cluster.Apply(Specs.Web(0));
        cluster.Run(TimeSpan.Zero);
        Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
        cluster.Scale("web", 2);
        cluster.Run(TimeSpan.FromSeconds(6));
        Assert.Equal(2, cluster.Available("web"));
        Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
    }

    [Fact]
    public void Completed_replicas_of_a_job_succeed_and_are_not_run_again()
    {
        var cluster = new ModelCluster().Up();
        cluster.Images[Web1] = ImageBehaviour.CompletesAtOnce;
        cluster.Apply(Specs.Web(2) with { Restart = new RestartPolicy { Condition = RestartCondition.OnFailure } });
        cluster.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
        Assert.Empty(cluster.Live("web"));
        cluster.Scale("web", 3);
        cluster.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(3, cluster.State.Allocations[new ServiceId(1)].LastGenerations.Values.Sum());
    }

    [Fact]
    public void A_change_of_labels_only_restarts_nothing()
    {
        var cluster = Deployed(Specs.Web(2));
        var before = cluster.Live("web");
        var outcome = Outcome(cluster.Apply(Specs.Web(2) with { Labels = Maps.Of([new("team", "a")]) }));
        Assert.Equal(ServiceChangeKind.Metadata, outcome.Change);
        cluster.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(before.Select(record => record.Id), cluster.Live("web").Select(record => record.Id));
        Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
    }

    [Fact]
    public void Force_replaces_all_and_a_later_label_change_nothing()
    {
        var cluster = Deployed(Specs.Web(2));
        cluster.Apply(Specs.Web(2), force: true);
        cluster.Run(TimeSpan.FromSeconds(30));
        Assert.All(cluster.Live("web"), record => Assert.Equal(2, record.Id.Generation));
        cluster.Apply(Specs.Web(2) with { Labels = Maps.Of([new("team", "a")]) });
        cluster.Run(TimeSpan.FromSeconds(30));
        Assert.All(cluster.Live("web"), record => Assert.Equal(2, record.Id.Generation));
    }

    [Fact]
    public void After_a_failed_update_a_scale_uses_the_old_revision()
    {
        var cluster = Deployed(Specs.Web(2));
        cluster.Images[Web2] = ImageBehaviour.Crashes;
        cluster.Apply(Specs.Web(2, Web2));
        cluster.Run(TimeSpan.FromSeconds(10));
        cluster.Scale("web", 3);
        cluster.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
        Assert.All(cluster.Live("web"), record => Assert.Equal(1, record.Revision));
        Assert.Equal(3, cluster.Available("web"));
    }

    [Fact]
    public void Ten_revisions_are_kept()
    {
        var cluster = Deployed(Specs.Web(1));
        for (var i = 2; i < 20; i++)
        {
            cluster.Apply(Specs.Web(1, $"registry.test:5000/web:{i}"));
            cluster.Run(TimeSpan.FromSeconds(20));
        }

        Assert.InRange(cluster.State.Revisions[new ServiceId(1)].Count, 10, 12);
        Assert.All(cluster.State.Allocations[new ServiceId(1)].BySlot.Values, records => Assert.True(records.Length <= 3));
    }

    private static ModelCluster Deployed(ServiceSpec spec, int nodes = 3)
    {
        var cluster = new ModelCluster(nodes).Up();
        cluster.Apply(spec);
        cluster.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
        return cluster;
    }

    private static RequestOutcome Outcome(MutationResult result) => Assert.IsType<MutationResult.Accepted>(result).Outcomes[0];
}
