// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Tests.Engine;

/// <summary>The way back of a rollout: by itself, by hand, over a change of the leader, and when it fails too.</summary>
public sealed class RollbackTests
{
    private const string Web1 = "registry.test:5000/web:1";
    private const string Web2 = "registry.test:5000/web:2";

    [Fact]
    public void A_late_failure_brings_back_those_that_were_replaced_already()
    {
        var cluster = Late(Specs.Web(3));
        cluster.Run(TimeSpan.FromMinutes(1));
        var service = cluster.Service("web");
        Assert.Equal(RolloutState.RolledBack, service.Rollout.State);
        Assert.Equal((1, 2, 1), (service.Revision, service.Rollout.ToRevision, service.Rollout.FromRevision));
        Assert.NotNull(service.Rollout.Failed);
        Assert.Equal(3, cluster.Available("web"));
        Assert.All(cluster.Live("web"), record => Assert.Equal(1, record.Revision));
    }

    [Fact]
    public void A_revision_that_nobody_ever_ran_is_nothing_to_go_back_to()
    {
        var cluster = new ModelCluster().Up();
        cluster.Images[Web1] = ImageBehaviour.Crashes;
        cluster.Apply(Specs.Web(0, Web1));
        cluster.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
        cluster.Images[Web2] = ImageBehaviour.Crashes;
        cluster.Apply(Specs.Web(2, Web2));
        cluster.Run(TimeSpan.FromMinutes(2));
        Assert.Equal((RolloutState.Failed, 2), (cluster.Service("web").Rollout.State, cluster.Service("web").Revision));
    }

    [Fact]
    public void A_new_leader_at_any_moment_goes_on_there_and_gives_the_one_verdict()
    {
        for (var step = 0; step < 40; step++)
        {
            var cluster = Late(Specs.Web(3));
            cluster.Run(TimeSpan.FromMilliseconds(250 * step));
            cluster.ChangeLeader();
            cluster.Run(TimeSpan.FromMinutes(2));
            var rollout = cluster.Service("web").Rollout;
            Assert.True(rollout is { Number: 2, State: RolloutState.RolledBack, Reason: not null }, $"step {step}: {rollout}");
            Assert.Equal(3, cluster.Available("web"));
        }
    }

    [Fact]
    public void A_way_back_that_comes_to_no_end_has_failed_too_and_says_why()
    {
        var spec = Specs.Web(2) with { ProgressDeadline = TimeSpan.FromSeconds(30) };
        var cluster = Late(spec, ImageBehaviour.NeverStarts);
        cluster.Run(TimeSpan.FromMinutes(2));
        var rollout = cluster.Service("web").Rollout;
        Assert.Equal(RolloutState.RollbackFailed, rollout.State);
        Assert.Equal(ReasonCode.ProgressDeadline, rollout.RollbackReason!.Code);
        Assert.NotEqual(ReasonCode.ProgressDeadline, rollout.Reason!.Code);
        cluster.Images[Web1] = ImageBehaviour.Good;
        cluster.Apply(spec, force: true);
        cluster.Run(TimeSpan.FromMinutes(2));
        Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
    }

    [Fact]
    public void The_number_of_replicas_comes_back_too()
    {
        var cluster = Deployed(Specs.Web(2));
        cluster.Images[Web2] = ImageBehaviour.Crashes;
        cluster.Apply(Specs.Web(5, Web2));
        cluster.Run(TimeSpan.FromMinutes(1));
        Assert.Equal(RolloutState.RolledBack, cluster.Service("web").Rollout.State);
        Assert.Equal((2, 2), (cluster.Service("web").Replicas, cluster.Live("web").Count));
    }

    [Fact]
    public void What_no_node_takes_touches_nothing_and_the_old_spec_is_wanted_again()
    {
        var cluster = Deployed(Specs.Web(2));
        var before = cluster.Live("web").Select(record => record.Id).ToList();
        cluster.Apply(Specs.Web(2).WithConstraint("node.labels.disk == ssd"));
        cluster.Run(TimeSpan.FromSeconds(5));
        var rollout = cluster.Service("web").Rollout;
        Assert.Equal((RolloutState.RolledBack, ReasonCode.NoNodeMatches), (rollout.State, rollout.Reason!.Code));
        Assert.Equal(1, cluster.Service("web").Revision);
        Assert.Equal(before, cluster.Live("web").Select(record => record.Id));
        cluster.Run(TimeSpan.FromHours(1));
        Assert.Equal(before, cluster.Live("web").Select(record => record.Id));
    }

    [Fact]
    public void An_image_that_is_not_there_touches_nothing()
    {
        var cluster = Deployed(Specs.Web(2));
        var before = cluster.Live("web").Select(record => record.Id).ToList();
        cluster.Registry[Web2] = new ImageAnswer("", "", new Reason(ReasonCode.ImageNotFound, "no such image"));
        cluster.Apply(Specs.Web(2, Web2));
        cluster.Run(TimeSpan.FromSeconds(2));
        var rollout = cluster.Service("web").Rollout;
        Assert.Equal((RolloutState.RolledBack, ReasonCode.ImageNotFound), (rollout.State, rollout.Reason!.Code));
        Assert.Equal(before, cluster.Live("web").Select(record => record.Id));
    }

    [Fact]
    public void The_old_spec_again_is_a_rollout_that_restarts_nothing()
    {
        var cluster = Late(Specs.Web(2));
        cluster.Run(TimeSpan.FromMinutes(1));
        var before = cluster.Live("web").Select(record => record.Id).ToList();
        Assert.Equal(ServiceChangeKind.Metadata, Accepted(cluster.Apply(Specs.Web(2))).Change);
        cluster.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
        Assert.Equal(before, cluster.Live("web").Select(record => record.Id));
    }

    [Fact]
    public void By_hand_to_the_one_before_and_to_any_that_is_kept()
    {
        var cluster = Deployed(Specs.Web(2));
        Update(cluster, Specs.Web(2, Web2));
        Update(cluster, Specs.Web(2, "registry.test:5000/web:3"));
        Accepted(cluster.RollBack("web"));
        cluster.Run(TimeSpan.FromSeconds(30));
        Assert.Equal((RolloutState.Succeeded, 2), (cluster.Service("web").Rollout.State, cluster.Service("web").Revision));
        Accepted(cluster.RollBack("web", 1));
        cluster.Run(TimeSpan.FromSeconds(30));
        Assert.All(cluster.Live("web"), record => Assert.Equal(1, record.Revision));
        Assert.Equal(ServiceChangeKind.Unchanged, Accepted(cluster.RollBack("web", 1)).Change);
        var refused = Assert.IsType<MutationResult.Refused>(cluster.RollBack("web", 9));
        Assert.Equal((RefusalKind.NotFound, "revision 9 of web is not kept: 1, 2, 3 are"), (refused.Kind, refused.Text));
    }

    [Fact]
    public void Where_nothing_else_has_served_there_is_nothing_to_go_back_to()
    {
        var cluster = Deployed(Specs.Web(1));
        Assert.Equal(RefusalKind.Conflict, Assert.IsType<MutationResult.Refused>(cluster.RollBack("web")).Kind);
    }

    [Fact]
    public void Paused_it_begins_nothing_and_its_deadline_stands_still()
    {
        var spec = Specs.Web(4, Web2) with { ProgressDeadline = TimeSpan.FromSeconds(30) };
        var cluster = Deployed(Specs.Web(4));
        cluster.Apply(spec);
        cluster.Run(TimeSpan.FromSeconds(1));
        Accepted(cluster.Control("web", RolloutOrder.Pause));
        cluster.Run(TimeSpan.FromMinutes(10));
        Assert.Equal(2, cluster.Live("web").Count(record => record.Revision == 2));
        Assert.Equal(RolloutState.Running, cluster.Service("web").Rollout.State);
        cluster.ChangeLeader();
        cluster.Run(TimeSpan.FromMinutes(10));
        Assert.Equal(2, cluster.Live("web").Count(record => record.Revision == 2));
        Accepted(cluster.Control("web", RolloutOrder.Resume));
        cluster.Run(TimeSpan.FromSeconds(20));
        Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
        Assert.IsType<MutationResult.Refused>(cluster.Control("web", RolloutOrder.Pause));
    }

    [Fact]
    public void Aborted_it_goes_back_and_ends_as_aborted()
    {
        var cluster = Deployed(Specs.Web(4));
        cluster.Apply(Specs.Web(4, Web2));
        cluster.Run(TimeSpan.FromSeconds(7));
        Assert.Contains(cluster.Live("web"), record => record.Revision == 2);
        Accepted(cluster.Control("web", RolloutOrder.Abort));
        Assert.IsType<MutationResult.Refused>(cluster.Control("web", RolloutOrder.Abort));
        cluster.Run(TimeSpan.FromSeconds(30));
        Assert.Equal(RolloutState.Aborted, cluster.Service("web").Rollout.State);
        Assert.Equal(4, cluster.Available("web"));
        Assert.All(cluster.Live("web"), record => Assert.Equal(1, record.Revision));
    }

    [Fact]
    public void A_first_deploy_that_is_aborted_has_ended_with_that()
    {
        var cluster = new ModelCluster().Up();
        cluster.Images[Web1] = ImageBehaviour.NeverStarts;
        cluster.Apply(Specs.Web(1));
        cluster.Run(TimeSpan.FromSeconds(1));
        Accepted(cluster.Control("web", RolloutOrder.Abort));
        Assert.Equal(RolloutState.Aborted, cluster.Service("web").Rollout.State);
    }

    [Fact]
    public void The_history_tells_how_each_rollout_ended()
    {
        var cluster = Deployed(Specs.Web(1));
        cluster.Images[Web2] = ImageBehaviour.Crashes;
        Update(cluster, Specs.Web(1, Web2));
        Update(cluster, Specs.Web(1, "registry.test:5000/web:3"));
        var verdicts = cluster.Service("web").Verdicts.Values;
        Assert.Equal([RolloutState.Succeeded, RolloutState.RolledBack, RolloutState.Succeeded], verdicts.Select(one => one.State));
        Assert.Equal([true, false, true], verdicts.Select(one => one.HasServed));
    }

    /// <summary>The first new replica was good, its old one is gone, the second is under way: then the first falls sick.</summary>
    private static ModelCluster Late(ServiceSpec spec, ImageBehaviour old = ImageBehaviour.Good)
    {
        var cluster = Deployed(spec);
        cluster.Images[Web1] = old;
        cluster.Apply(spec.With(Web2));
        cluster.Run(TimeSpan.FromSeconds(6));
        var sick = cluster.Live("web").First(record => record.Revision == 2);
        var seen = new AllocationObservation { State = AllocationState.Running, Health = HealthState.Unhealthy, ChangedAt = cluster.Now };
        var session = cluster.Agents[sick.Node].Session;
        cluster.Send(new ClusterEvent.AgentReported(sick.Node, session, true, null, [new AllocationReport(sick.Id, seen)]));
        cluster.Run(TimeSpan.Zero);
        Assert.True(cluster.Service("web").Rollout is { State: RolloutState.Running, IsGoingBack: true });
        return cluster;
    }

    private static void Update(ModelCluster cluster, ServiceSpec spec)
    {
        Accepted(cluster.Apply(spec));
        cluster.Run(TimeSpan.FromSeconds(30));
    }

    private static RequestOutcome Accepted(MutationResult result) => Assert.IsType<MutationResult.Accepted>(result).Outcomes[0];

    private static ModelCluster Deployed(ServiceSpec spec)
    {
        var cluster = new ModelCluster().Up();
        cluster.Apply(spec);
        cluster.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
        return cluster;
    }
}
