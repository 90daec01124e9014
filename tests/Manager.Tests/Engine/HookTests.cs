// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Tests.Engine;

/// <summary>Hooks run once, on the new image, at their place in the rollout; what fails before the first touch touches nothing.</summary>
public sealed class HookTests
{
    private const string Web2 = "registry.test:5000/web:2";

    [Fact]
    public void Before_a_deploy_its_hook_runs_and_nothing_is_touched_until_it_has_succeeded()
    {
        var cluster = Deployed();
        var before = Ids(cluster);
        cluster.Hooks.Takes = TimeSpan.FromSeconds(20);
        cluster.Apply(WithPre(Specs.Web(3, Web2)));
        cluster.Run(TimeSpan.FromSeconds(19));
        Assert.Equal(before, Ids(cluster));
        Assert.Equal(HookState.Running, cluster.Service("web").Rollout.PreDeploy!.State);
        cluster.Run(TimeSpan.FromSeconds(40));
        var rollout = cluster.Service("web").Rollout;
        Assert.Equal((RolloutState.Succeeded, HookState.Succeeded), (rollout.State, rollout.PreDeploy!.State));
        Assert.Equal(rollout.PreDeploy.Id, Assert.Single(cluster.Hooks.Begun));
        Assert.Equal(3, cluster.Live("web").Count(record => record.Revision == 2));
        Assert.DoesNotContain(cluster.State.Gaps, _ => true);
    }

    [Theory]
    [InlineData(FailureAction.Rollback, RolloutState.RolledBack)]
    [InlineData(FailureAction.Pause, RolloutState.Failed)]
    [InlineData(FailureAction.Continue, RolloutState.Failed)]
    public void A_failing_pre_deploy_ends_the_rollout_with_nothing_touched(FailureAction action, RolloutState end)
    {
        var cluster = Deployed();
        var before = Ids(cluster);
        cluster.Hooks.ExitCode = 3;
        var spec = WithPre(Specs.Web(2, Web2)); // one replica fewer, too
        cluster.Apply(spec with { Update = spec.Update with { FailureAction = action } });
        cluster.Run(TimeSpan.FromSeconds(10));
        var rollout = cluster.Service("web").Rollout;
        Assert.Equal((end, ReasonCode.HookFailed), (rollout.State, rollout.Reason!.Code));
        Assert.Equal((rollout.PreDeploy!.Id, rollout.PreDeploy.Node), (rollout.Failed!.Value, rollout.FailedNode));
        Assert.Equal($"pre_deploy on {rollout.FailedNode} exited with 3", rollout.Reason.Text);
        cluster.Run(TimeSpan.FromMinutes(1));
        Assert.Equal(before, Ids(cluster));
        var kept = cluster.State.Find(rollout.PreDeploy.Id)!;
        Assert.True(cluster.State.IsKept(kept), "its container is there for its last words");
        cluster.Run(TimeSpan.FromMinutes(11));
        Assert.False(cluster.State.Find(rollout.PreDeploy.Id)!.IsLive);
        Assert.Equal(before, Ids(cluster));
        Assert.Single(cluster.Hooks.Begun);
    }

    [Fact]
    public void A_first_deploy_whose_hook_fails_starts_nothing_and_a_scale_tries_it_again()
    {
        var cluster = new ModelCluster().Up();
        cluster.Hooks.ExitCode = 1;
        cluster.Apply(WithPre(Specs.Web(2)));
        cluster.Run(TimeSpan.FromMinutes(5));
        Assert.Equal(RolloutState.Failed, cluster.Service("web").Rollout.State);
        Assert.Empty(Ids(cluster));
        Assert.Equal(ReasonCode.HookFailed, cluster.State.Gaps[cluster.Service("web").Id].Reason.Code);
        cluster.Hooks.ExitCode = 0;
        cluster.Scale("web", 3);
        cluster.Run(TimeSpan.FromSeconds(30));
        Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
        Assert.Equal(3, Ids(cluster).Count);
        Assert.Equal(2, cluster.Hooks.Begun.Count);
    }

    [Fact]
    public void A_hook_that_takes_too_long_is_stopped_and_has_failed()
    {
        var cluster = Deployed();
        var before = Ids(cluster);
        cluster.Hooks.Takes = TimeSpan.FromHours(2);
        cluster.Apply(WithPre(Specs.Web(3, Web2), TimeSpan.FromMinutes(20)));
        cluster.Run(TimeSpan.FromMinutes(19)); // longer than the progress deadline
        Assert.Equal(RolloutState.Running, cluster.Service("web").Rollout.State);
        cluster.Run(TimeSpan.FromMinutes(2));
        var rollout = cluster.Service("web").Rollout;
        Assert.Equal((RolloutState.RolledBack, ReasonCode.HookTimedOut), (rollout.State, rollout.Reason!.Code));
        Assert.Equal(before, Ids(cluster));
        Assert.Equal(DesiredState.Stop, cluster.State.Find(rollout.Failed!.Value)!.Desired);
    }

    [Fact]
    public void What_can_not_start_or_has_no_node_fails_with_its_own_reason()
    {
        var cluster = Deployed();
        cluster.Hooks.Refused = new Reason(ReasonCode.CommandNotFound, "no such command: migrate");
        cluster.Apply(WithPre(Specs.Web(3, Web2)));
        cluster.Run(TimeSpan.FromSeconds(5));
        var rollout = cluster.Service("web").Rollout;
        Assert.Equal((RolloutState.RolledBack, ReasonCode.CommandNotFound), (rollout.State, rollout.Reason!.Code));
        Assert.StartsWith("pre_deploy could not start: no such command: migrate", rollout.Reason.Text, StringComparison.Ordinal);

        var old = new ModelCluster();
        for (var node = 1; node <= 3; node++) old.Hooks.OldAgents.Add(ModelCluster.Id(node));
        old.Up();
        old.Apply(WithPre(Specs.Web()));
        old.Run(TimeSpan.FromSeconds(5));
        rollout = old.Service("web").Rollout;
        Assert.Equal((RolloutState.Failed, ReasonCode.NoNodeMatches), (rollout.State, rollout.Reason!.Code));
        Assert.Contains("too old to run hooks", rollout.Reason.Text, StringComparison.Ordinal);
        Assert.Empty(old.Hooks.Begun);
    }

    [Fact]
    public void An_agent_that_knows_no_hooks_gets_none()
    {
        var cluster = new ModelCluster();
        cluster.Hooks.OldAgents.UnionWith([ModelCluster.Id(1), ModelCluster.Id(3)]);
        cluster.Up();
        cluster.Apply(WithPre(Specs.Web()));
        cluster.Run(TimeSpan.FromSeconds(30));
        var rollout = cluster.Service("web").Rollout;
        Assert.Equal((RolloutState.Succeeded, "h2"), (rollout.State, rollout.PreDeploy!.Node));
    }

    [Fact]
    public void A_node_that_dies_leaves_the_outcome_unknown_and_the_hook_is_not_run_elsewhere()
    {
        var cluster = Deployed();
        cluster.Hooks.Takes = TimeSpan.FromMinutes(2);
        cluster.Apply(WithPre(Specs.Web(3, Web2)));
        cluster.Run(TimeSpan.FromSeconds(10));
        var run = cluster.Service("web").Rollout.PreDeploy!;
        cluster.KillNode(cluster.State.Find(run.Id)!.Node);
        cluster.Run(TimeSpan.FromSeconds(60));
        var rollout = cluster.Service("web").Rollout;
        Assert.Equal((RolloutState.RolledBack, ReasonCode.HookFailed), (rollout.State, rollout.Reason!.Code));
        Assert.Contains("is not known", rollout.Reason.Text, StringComparison.Ordinal);
        Assert.Single(cluster.Hooks.Begun);
        Assert.DoesNotContain(cluster.Live("web"), record => record is { IsWanted: true, Revision: 2 });
    }

    [Fact]
    public void A_new_leader_at_any_moment_picks_the_hook_up_and_runs_it_not_twice()
    {
        for (var step = 0; step < 24; step++)
        {
            var cluster = Deployed();
            var before = Ids(cluster);
            cluster.Hooks.Takes = TimeSpan.FromSeconds(6);
            cluster.Hooks.ExitCode = step % 2;
            cluster.Apply(WithPre(Specs.Web(3, Web2)));
            cluster.Run(TimeSpan.FromMilliseconds(step * 400));
            cluster.ChangeLeader();
            cluster.Run(TimeSpan.FromSeconds(60));
            var rollout = cluster.Service("web").Rollout;
            Assert.Equal(step % 2 == 0 ? RolloutState.Succeeded : RolloutState.RolledBack, rollout.State);
            Assert.Single(cluster.Hooks.Begun);
            if (step % 2 == 1) Assert.Equal(before, Ids(cluster));
        }
    }

    [Fact]
    public void After_all_are_good_post_deploy_runs_and_its_failure_brings_the_old_revision_back()
    {
        var cluster = Deployed();
        cluster.Hooks.ExitCode = 7;
        var spec = Specs.Web(3, Web2);
        cluster.Apply(spec with { Update = spec.Update with { PostDeploy = new HookSpec { Command = ["check"] } } });
        cluster.Run(TimeSpan.FromSeconds(12));
        Assert.Null(cluster.Service("web").Rollout.PostDeploy);
        cluster.Run(TimeSpan.FromSeconds(90));
        var rollout = cluster.Service("web").Rollout;
        Assert.Equal((RolloutState.RolledBack, HookState.Failed), (rollout.State, rollout.PostDeploy!.State));
        Assert.StartsWith("post_deploy on ", rollout.Reason!.Text, StringComparison.Ordinal);
        Assert.All(cluster.Live("web"), record => Assert.Equal(1, record.Revision));
        cluster.Hooks.ExitCode = 0;
        cluster.Apply(spec with { Update = spec.Update with { PostDeploy = new HookSpec { Command = ["check"] } } }, force: true);
        cluster.Run(TimeSpan.FromSeconds(60));
        Assert.Equal((RolloutState.Succeeded, HookState.Succeeded),
            (cluster.Service("web").Rollout.State, cluster.Service("web").Rollout.PostDeploy!.State));
    }

    [Fact]
    public void Scales_other_settings_drains_and_rollbacks_run_none()
    {
        var cluster = new ModelCluster(4).Up();
        cluster.Apply(WithPre(Specs.Web()));
        cluster.Run(TimeSpan.FromSeconds(30));
        cluster.Apply(WithPre(Specs.Web(3, Web2)));
        cluster.Run(TimeSpan.FromSeconds(60));
        Assert.Equal(2, cluster.Hooks.Begun.Count);
        cluster.Scale("web", 5);
        cluster.Run(TimeSpan.FromSeconds(30));
        cluster.Apply(WithPre(Specs.Web(5, Web2), TimeSpan.FromMinutes(9))); // hooks alone restart nothing and run nothing
        cluster.Run(TimeSpan.FromSeconds(30));
        cluster.SetAvailability("h1", NodeAvailability.Drained);
        cluster.Run(TimeSpan.FromSeconds(60));
        cluster.RollBack("web");
        cluster.Run(TimeSpan.FromSeconds(60));
        Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
        Assert.Equal(2, cluster.Hooks.Begun.Count);
        cluster.Apply(WithPre(Specs.Web(5)), force: true);
        cluster.Run(TimeSpan.FromSeconds(60));
        Assert.Equal(3, cluster.Hooks.Begun.Count);
    }

    [Fact]
    public void A_scale_in_the_middle_completes_the_deploy_with_the_same_run()
    {
        var cluster = Deployed();
        cluster.Hooks.Takes = TimeSpan.FromSeconds(10);
        cluster.Apply(WithPre(Specs.Web(3, Web2)));
        cluster.Run(TimeSpan.FromSeconds(5));
        cluster.Scale("web", 4);
        cluster.Run(TimeSpan.FromSeconds(60));
        Assert.Equal((RolloutState.Succeeded, 3), (cluster.Service("web").Rollout.State, cluster.Service("web").Rollout.Number));
        Assert.Single(cluster.Hooks.Begun);
        Assert.Equal(4, cluster.Live("web").Count(record => record.Revision == 2));
    }

    [Fact]
    public void A_newer_deploy_or_an_abort_stops_it_and_the_next_one_waits_for_its_end()
    {
        var cluster = Deployed();
        cluster.Hooks.Takes = TimeSpan.FromMinutes(3);
        cluster.Apply(WithPre(Specs.Web(3, Web2)));
        cluster.Run(TimeSpan.FromSeconds(5));
        var first = cluster.Service("web").Rollout.PreDeploy!.Id;
        cluster.Hooks.Takes = TimeSpan.FromSeconds(2);
        cluster.Apply(WithPre(Specs.Web(3, "registry.test:5000/web:3")));
        cluster.Run(TimeSpan.FromSeconds(60));
        Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
        Assert.False(cluster.State.Find(first)!.IsLive);
        cluster.Hooks.Takes = TimeSpan.FromMinutes(3);
        cluster.Apply(WithPre(Specs.Web(3, Web2)));
        cluster.Run(TimeSpan.FromSeconds(5));
        cluster.Control("web", RolloutOrder.Abort);
        cluster.Run(TimeSpan.FromSeconds(10));
        var rollout = cluster.Service("web").Rollout;
        Assert.Equal((RolloutState.Aborted, HookState.Failed), (rollout.State, rollout.PreDeploy!.State));
        Assert.False(cluster.State.Find(rollout.PreDeploy.Id)!.IsLive);
    }

    [Fact]
    public void Its_room_is_reserved_while_it_runs_and_it_counts_as_no_replica()
    {
        var cluster = Deployed(Specs.Web(1).Reserving(1L << 30), nodes: 1);
        cluster.Hooks.Takes = TimeSpan.FromSeconds(10);
        cluster.Apply(WithPre(Specs.Web(1, Web2).Reserving(1L << 30)));
        cluster.Run(TimeSpan.FromSeconds(5));
        Assert.Equal(2L << 30, cluster.State.NodeIndex.Usage[ModelCluster.Id(1)].MemoryBytes);
        Assert.Equal(1, cluster.Available("web"));
        cluster.Run(TimeSpan.FromSeconds(60));
        Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
        Assert.Equal(1L << 30, cluster.State.NodeIndex.Usage[ModelCluster.Id(1)].MemoryBytes);
    }

    [Fact]
    public void Without_room_it_waits_for_the_deadline_and_nothing_is_touched()
    {
        var cluster = Deployed(Specs.Web(1).Reserving(7L << 30), nodes: 1);
        var before = Ids(cluster);
        cluster.Apply(WithPre(Specs.Web(1, Web2).Reserving(7L << 30)) with { ProgressDeadline = TimeSpan.FromSeconds(20) });
        cluster.Run(TimeSpan.FromSeconds(30));
        var rollout = cluster.Service("web").Rollout;
        Assert.Equal((RolloutState.RolledBack, ReasonCode.ProgressDeadline), (rollout.State, rollout.Reason!.Code));
        Assert.Contains("pre_deploy", rollout.Reason.Text, StringComparison.Ordinal);
        Assert.Equal(before, Ids(cluster));
    }

    private static ServiceSpec WithPre(ServiceSpec spec, TimeSpan? timeout = null) => spec with
    {
        Update = spec.Update with
        {
            PreDeploy = new HookSpec { Command = ["migrate", "up"], Timeout = timeout ?? TimeSpan.FromMinutes(5) },
        },
    };

    private static ModelCluster Deployed(ServiceSpec? spec = null, int nodes = 3)
    {
        var cluster = new ModelCluster(nodes).Up();
        cluster.Apply(spec ?? Specs.Web());
        cluster.Run(TimeSpan.FromSeconds(60));
        Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
        return cluster;
    }

    private static List<AllocationId> Ids(ModelCluster cluster) =>
        [.. cluster.Live("web").Where(record => !HookSlot.IsHook(record.Id.Slot)).Select(record => record.Id)];
}
