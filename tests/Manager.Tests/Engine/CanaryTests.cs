// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Tests.Engine;

/// <summary>A canary goes from step to step, holds each, asks its gates, and goes back whole when anything is wrong.</summary>
public sealed class CanaryTests
{
    private const string Web2 = "registry.test:5000/web:2";
    private static readonly UpdateStep One = new() { Amount = 1 };
    private static readonly UpdateStep Half = new() { Amount = 50, IsPercent = true };
    private static readonly GateSpec Approval = new() { Kind = GateKind.Approve, Timeout = TimeSpan.FromMinutes(30) };

    private static readonly GateSpec Hook =
        new() { Kind = GateKind.Http, Url = "http://gates.example/web", Timeout = TimeSpan.FromMinutes(5) };

    private static readonly GateSpec Figure = new()
    {
        Kind = GateKind.Prometheus, Url = "http://prometheus.example:9090", Query = "errors", Timeout = TimeSpan.FromMinutes(5),
    };

    private static UpdatePolicy Policy(params GateSpec[] gates) =>
        new() { Strategy = UpdateStrategy.Canary, Steps = [One, Half], Hold = TimeSpan.FromMinutes(2), Gates = [.. gates] };

    [Theory]
    [InlineData(4, new[] { 1, 2, 4 })]
    [InlineData(10, new[] { 1, 5, 10 })]
    [InlineData(1, new[] { 1, 1, 1 })]
    public void Steps_are_numbers_and_percentages_and_never_go_down(int replicas, int[] expected) =>
        Assert.Equal(expected, Enumerable.Range(0, 3).Select(step => Policy().ReplicasAt(step, replicas)));

    [Fact]
    public void Each_step_has_its_number_is_held_and_then_the_rest_follows()
    {
        var cluster = Canary(8, Policy());
        Assert.Equal(1, New(cluster));
        cluster.Run(TimeSpan.FromSeconds(110));
        Assert.Equal((1, 7), (New(cluster), Old(cluster)));
        cluster.Run(TimeSpan.FromSeconds(30));
        Assert.Equal((4, 4), (New(cluster), Old(cluster)));
        Assert.Equal(1, cluster.Service("web").Rollout.Step);
        cluster.Run(TimeSpan.FromSeconds(90));
        Assert.Equal(4, New(cluster));
        cluster.Run(TimeSpan.FromSeconds(60));
        Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
        Assert.Equal(8, New(cluster));
    }

    [Fact]
    public void A_new_leader_at_any_moment_goes_on_at_the_same_step_and_its_hold_is_no_shorter_and_hardly_longer()
    {
        for (var second = 0; second < 300; second += 10)
        {
            var cluster = Deployed(Specs.Web(6));
            cluster.Apply(Specs.Web(6, Web2) with { Update = Policy() });
            var begun = cluster.Now;
            for (var i = 0; i < 400; i++)
            {
                if (i == second) cluster.ChangeLeader();
                cluster.Run(TimeSpan.FromSeconds(1));
                var rollout = cluster.Service("web").Rollout;
                if (rollout.State == RolloutState.Running && rollout.Step < 2) Assert.True(New(cluster) <= (rollout.Step == 0 ? 1 : 3));
                Assert.True(cluster.Available("web") >= 6);
            }

            var ended = cluster.Service("web").Rollout;
            Assert.Equal(RolloutState.Succeeded, ended.State);
            Assert.InRange((ended.EndedAt!.Value - begun).TotalSeconds, 240, 275);
        }
    }

    [Theory]
    [InlineData(20)]
    [InlineData(170)]
    public void A_failure_at_any_step_takes_all_of_it_back(int second)
    {
        var cluster = Canary(6, Policy());
        cluster.Run(TimeSpan.FromSeconds(second));
        Assert.Equal(second < 120 ? 1 : 3, New(cluster));
        var sick = cluster.Live("web").First(record => record.Revision == 2);
        var seen = new AllocationObservation { State = AllocationState.Running, Health = HealthState.Unhealthy, ChangedAt = cluster.Now };
        var session = cluster.Agents[sick.Node].Session;
        cluster.Send(new ClusterEvent.AgentReported(sick.Node, session, true, null, [new AllocationReport(sick.Id, seen)]));
        cluster.Run(TimeSpan.FromSeconds(60));
        Assert.Equal(RolloutState.RolledBack, cluster.Service("web").Rollout.State);
        Assert.Equal((0, 6, 6), (New(cluster), Old(cluster), cluster.Available("web")));
    }

    [Fact]
    public void A_person_opens_each_step_and_who_opens_none_in_time_has_it_taken_back()
    {
        var cluster = Canary(4, Policy(Approval));
        Refused(cluster, RolloutOrder.Approve);
        cluster.Run(TimeSpan.FromMinutes(20));
        Assert.Equal(1, New(cluster));
        Assert.IsType<MutationResult.Accepted>(cluster.Control("web", RolloutOrder.Approve));
        cluster.ChangeLeader();
        cluster.Run(TimeSpan.FromSeconds(20));
        Assert.Equal((2, 1), (New(cluster), cluster.Service("web").Rollout.Step));
        cluster.Run(TimeSpan.FromMinutes(31));
        Assert.Equal(2, New(cluster));
        cluster.Run(TimeSpan.FromMinutes(3));
        var rollout = cluster.Service("web").Rollout;
        Assert.Equal((RolloutState.RolledBack, ReasonCode.GateShut), (rollout.State, rollout.Reason!.Code));
        Assert.Equal("nobody approved step 2 within 30 min", rollout.Reason.Text);
        Assert.Equal(4, Old(cluster));
    }

    [Fact]
    public void Promoted_it_leaves_out_what_would_come_and_aborted_it_goes_back()
    {
        var cluster = Canary(6, Policy(Approval));
        cluster.Run(TimeSpan.FromSeconds(10));
        cluster.Control("web", RolloutOrder.Promote);
        cluster.Run(TimeSpan.FromSeconds(30));
        Assert.Equal((RolloutState.Succeeded, 6), (cluster.Service("web").Rollout.State, New(cluster)));
        Refused(cluster, RolloutOrder.Promote);
        var aborted = Canary(6, Policy(Approval));
        aborted.Control("web", RolloutOrder.Abort);
        aborted.Run(TimeSpan.FromSeconds(30));
        Assert.Equal((RolloutState.Aborted, 6), (aborted.Service("web").Rollout.State, Old(aborted)));
        var rolling = Deployed(Specs.Web(2));
        rolling.Apply(Specs.Web(2, Web2));
        Refused(rolling, RolloutOrder.Promote);
    }

    [Fact]
    public void A_hook_that_says_yes_opens_one_that_says_no_takes_back_and_one_that_says_nothing_is_waited_for()
    {
        var cluster = Canary(4, Policy(Hook));
        cluster.Run(TimeSpan.FromSeconds(10));
        Say(cluster, GateVerdict.Unclear, "503");
        cluster.Run(TimeSpan.FromMinutes(3));
        Assert.Equal(1, New(cluster));
        Say(cluster, GateVerdict.Open, "200");
        cluster.Run(TimeSpan.FromSeconds(20));
        Assert.Equal((2, 1), (New(cluster), cluster.Service("web").Rollout.Step));
        Say(cluster, GateVerdict.Shut, "403");
        cluster.Run(TimeSpan.FromSeconds(30));
        var rollout = cluster.Service("web").Rollout;
        Assert.Equal(RolloutState.RolledBack, rollout.State);
        Assert.Equal("the gate http://gates.example/web said no: 403", rollout.Reason!.Text);
    }

    [Fact]
    public void A_figure_has_to_hold_to_the_end_of_the_hold_and_what_was_said_of_another_step_counts_for_nothing()
    {
        var cluster = Canary(4, Policy(Figure));
        cluster.Run(TimeSpan.FromSeconds(60));
        Say(cluster, GateVerdict.Open, "0.001");
        cluster.Run(TimeSpan.FromSeconds(90));
        Assert.Equal((1, 0), (New(cluster), cluster.Service("web").Rollout.Step));
        Say(cluster, GateVerdict.Open, "0.001", step: 1);
        cluster.Run(TimeSpan.FromSeconds(5));
        Assert.Equal(1, New(cluster));
        Say(cluster, GateVerdict.Open, "0.001");
        cluster.Run(TimeSpan.FromSeconds(20));
        Assert.Equal((2, 1), (New(cluster), cluster.Service("web").Rollout.Step));
        cluster.Run(TimeSpan.FromMinutes(8));
        Assert.Equal(RolloutState.RolledBack, cluster.Service("web").Rollout.State);
        Assert.Contains("did not open within 5 min", cluster.Service("web").Rollout.Reason!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_must_move_meanwhile_moves_as_what_it_is_and_a_scale_keeps_the_step()
    {
        var cluster = Canary(6, Policy(Approval), nodes: 4);
        cluster.Run(TimeSpan.FromSeconds(20));
        cluster.SetAvailability("h1", NodeAvailability.Drained);
        cluster.SetAvailability("h2", NodeAvailability.Drained);
        cluster.Run(TimeSpan.FromMinutes(3));
        Assert.Equal((1, 5, 6), (New(cluster), Old(cluster), cluster.Available("web")));
        cluster.SetAvailability("h1", NodeAvailability.Active);
        cluster.SetAvailability("h2", NodeAvailability.Active);
        cluster.Kill(3);
        cluster.Run(TimeSpan.FromSeconds(30));
        Assert.Equal((1, 6), (New(cluster), cluster.Available("web")));
        cluster.Run(TimeSpan.FromMinutes(3));
        cluster.Control("web", RolloutOrder.Approve);
        cluster.Run(TimeSpan.FromSeconds(20));
        Assert.Equal(3, New(cluster));
        cluster.Scale("web", 10);
        cluster.Run(TimeSpan.FromSeconds(60));
        Assert.Equal((5, 5, 1), (New(cluster), Old(cluster), cluster.Service("web").Rollout.Step));
        cluster.Scale("web", 4);
        cluster.Run(TimeSpan.FromSeconds(20));
        Assert.Equal(4, cluster.Live("web").Count(record => record.IsWanted));
        Assert.Equal(4, cluster.Available("web"));
    }

    [Fact]
    public void A_rollback_by_hand_goes_back_at_once_and_a_first_deploy_comes_whole()
    {
        var cluster = new ModelCluster().Up();
        cluster.Apply(Specs.Web(4) with { Update = Policy(Approval) });
        cluster.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
        cluster.Apply(Specs.Web(4, Web2));
        cluster.Run(TimeSpan.FromSeconds(40));
        cluster.RollBack("web");
        cluster.Run(TimeSpan.FromSeconds(40));
        Assert.Equal((RolloutState.Succeeded, 4), (cluster.Service("web").Rollout.State, Old(cluster)));
    }

    [Fact]
    public void Paused_the_hold_begins_anew_when_it_goes_on()
    {
        var cluster = Canary(4, Policy());
        cluster.Run(TimeSpan.FromSeconds(60));
        cluster.Control("web", RolloutOrder.Pause);
        cluster.Run(TimeSpan.FromHours(3));
        Assert.Equal(1, New(cluster));
        cluster.Control("web", RolloutOrder.Resume);
        cluster.Run(TimeSpan.FromSeconds(115));
        Assert.Equal(1, New(cluster));
        cluster.Run(TimeSpan.FromSeconds(20));
        Assert.Equal(2, New(cluster));
    }

    [Fact]
    public void A_newer_release_in_the_middle_begins_with_its_own_first_step()
    {
        var cluster = Canary(6, Policy());
        cluster.Run(TimeSpan.FromSeconds(160));
        Assert.Equal(3, New(cluster));
        cluster.Apply(Specs.Web(6, "registry.test:5000/web:3") with { Update = Policy() });
        cluster.Run(TimeSpan.FromSeconds(60));
        Assert.Equal(1, cluster.Live("web").Count(record => record.Revision == 3));
        Assert.Equal((0, 5), (New(cluster), Old(cluster)));
    }

    [Theory]
    [InlineData(UpdateOrder.Auto)]
    [InlineData(UpdateOrder.StopFirst)]
    public void What_serves_nobody_is_what_the_new_revision_begins_with(UpdateOrder order)
    {
        var cluster = Deployed(Specs.Web(4));
        cluster.Images["registry.test:5000/web:1"] = ImageBehaviour.Crashes;
        cluster.Kill(1);
        cluster.Run(TimeSpan.FromMinutes(1));
        var dead = cluster.Live("web").Where(record => record.IsWanted && !cluster.State.IsAvailable(record)).ToList();
        Assert.Contains(dead, record => record.Id.Slot > 1);
        Assert.NotEqual(0, cluster.Available("web"));
        cluster.Apply(Specs.Web(4, Web2) with { Update = Policy() with { Order = order } });
        cluster.Run(TimeSpan.FromSeconds(60));
        var first = Assert.Single(cluster.Live("web"), record => record is { Revision: 2, IsWanted: true });
        Assert.Contains(first.Id.Slot, dead.Select(record => record.Id.Slot));
        cluster.Run(TimeSpan.FromMinutes(8));
        Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
    }

    private static void Say(ModelCluster cluster, GateVerdict verdict, string text, int? step = null)
    {
        var service = cluster.Service("web");
        cluster.Send(new ClusterEvent.GateAnswered(
            service.Id, service.Rollout.Number, step ?? service.Rollout.Step, 0, verdict, text));
        cluster.Run(TimeSpan.Zero);
    }

    private static void Refused(ModelCluster cluster, RolloutOrder order) =>
        Assert.Equal(RefusalKind.Conflict, Assert.IsType<MutationResult.Refused>(cluster.Control("web", order)).Kind);

    private static int New(ModelCluster cluster) => cluster.Live("web").Count(record => record is { Revision: 2, IsWanted: true });

    private static int Old(ModelCluster cluster) => cluster.Live("web").Count(record => record is { Revision: 1, IsWanted: true });

    private static ModelCluster Canary(int replicas, UpdatePolicy policy, int nodes = 3)
    {
        var cluster = Deployed(Specs.Web(replicas), nodes);
        cluster.Apply(Specs.Web(replicas, Web2) with { Update = policy });
        cluster.Run(TimeSpan.Zero);
        return cluster;
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
