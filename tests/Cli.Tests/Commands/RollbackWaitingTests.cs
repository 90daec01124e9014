// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Cli.Tests.Fixtures;
using ClusterManager.Model;
using V1 = ClusterManager.Wire.V1;
using Change = ClusterManager.Wire.V1.AppliedService.Types.Change;

namespace ClusterManager.Cli.Tests.Commands;

/// <summary>Commands that wait for rollouts which do not succeed: what they tell, and their codes.</summary>
public sealed class RollbackWaitingTests
{
    [Fact]
    public async Task A_rollout_that_went_back_is_told_once_with_its_cause_and_code_4()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.On((V1.RollbackRequest r) => new V1.ApplyServiceResponse
        {
            Service = Script.Applied("web", 8, Change.Updated, r.ToRevision),
        });
        var reason = Script.Reason(ReasonCode.Unhealthy, "its health check fails");
        var turned = Script.Service("web", 8, V1.RolloutState.Running, 3, 3, from: 2, to: 3, reason);
        (turned.Rollout.GoingBack, turned.Rollout.FailedNode) = (true, "n2");
        Send(cluster, Script.Service("web", 8, V1.RolloutState.Running, 3, 3, from: 2, to: 3));
        Send(cluster, turned);
        var ended = turned.Clone();
        ended.Rollout.State = V1.RolloutState.RolledBack;
        Send(cluster, ended);
        var cli = new CliRun(cluster.Address);
        Assert.Equal(4, await cli.RunAsync("rollback web --to 3"));
        Assert.Equal(1, Count(cli.Error, " FAILED   web: its health check fails\n"));
        Assert.Equal(1, Count(cli.Error, " rollback web goes back to revision 2\n"));
        Assert.Equal(1, Count(cli.Error, " done     web 3/3 running on revision 2 again\n"));
        Assert.Matches("Rollback of web FAILED and was rolled back after [^\n]*\\. Revision 2 runs\\.\n", cli.Error);
        Assert.Contains("on n2", cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(V1.RolloutState.RollbackFailed, true, 1)]
    [InlineData(V1.RolloutState.Aborted, true, 4)]
    [InlineData(V1.RolloutState.Aborted, false, 1)]
    [InlineData(V1.RolloutState.RolledBack, true, 4)]
    public async Task Each_end_of_a_rollout_has_its_code(V1.RolloutState state, bool isBack, int code)
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.On((V1.ScaleRequest _) => new V1.ScaleResponse { Services = { Script.Applied("web", 8, Change.Scaled) } });
        var status = Script.Service("web", 8, state, 3, 3, from: 2, to: 3, Script.Reason(ReasonCode.Exited, "it ended"));
        status.Rollout.GoingBack = isBack;
        Send(cluster, status);
        Assert.Equal(code, await new CliRun(cluster.Address).RunAsync("scale web=3"));
    }

    [Fact]
    public async Task What_is_asked_for_again_after_it_was_brought_back_is_as_asked()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.On((V1.ScaleRequest _) => new V1.ScaleResponse { Services = { Script.Applied("web", 8, Change.Unchanged) } });
        var status = Script.Service("web", 8, V1.RolloutState.RolledBack, 3, 3, from: 2, to: 3);
        status.Rollout.GoingBack = true;
        Send(cluster, status);
        Assert.Equal(0, await new CliRun(cluster.Address).RunAsync("scale web=3"));
    }

    [Fact]
    public async Task An_abort_waits_until_the_old_revision_runs()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.On((V1.ControlRolloutRequest r) => new V1.ApplyServiceResponse { Service = Script.Applied("web", 8, Change.Updated, 2) });
        var status = Script.Service("web", 8, V1.RolloutState.Running, 3, 3, from: 2, to: 3, Script.Reason(ReasonCode.Halted, "aborted"));
        status.Rollout.GoingBack = true;
        Send(cluster, status);
        var ended = status.Clone();
        ended.Rollout.State = V1.RolloutState.Aborted;
        Send(cluster, ended);
        var cli = new CliRun(cluster.Address);
        Assert.Equal(0, await cli.RunAsync("rollout abort web"));
        Assert.Equal("Aborted rollout 8 of web: revision 2 is wanted.\n", cli.Out);
        Assert.Equal(V1.ControlRolloutRequest.Types.Action.Abort, Assert.Single(cluster.Asked<V1.ControlRolloutRequest>()).Action);
    }

    [Theory]
    [InlineData(
        "promote", V1.ControlRolloutRequest.Types.Action.Promote,
        "Rollout 8 of web is promoted: all replicas follow, or the name is switched as soon as the new colour is whole.\n")]
    [InlineData("approve", V1.ControlRolloutRequest.Types.Action.Approve, "Rollout 8 of web is approved for this step or switch.\n")]
    public async Task A_canary_is_promoted_and_approved(string word, V1.ControlRolloutRequest.Types.Action action, string expected)
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.On((V1.ControlRolloutRequest _) => new V1.ApplyServiceResponse { Service = Script.Applied("web", 8, Change.Metadata, 3) });
        var cli = new CliRun(cluster.Address);
        Assert.Equal(0, await cli.RunAsync($"rollout {word} web"));
        Assert.Equal(expected, cli.Out);
        Assert.Equal(action, Assert.Single(cluster.Asked<V1.ControlRolloutRequest>()).Action);
    }

    [Theory]
    [InlineData(0, 0, "", "under way (pulling 2/3 nodes)")]
    [InlineData(1, 40_000, "", "under way (canary step 1/3: 1 replica of revision 3, held for 40s more)")]
    [InlineData(1, 0, "a person: cluster rollout approve web",
        "under way (canary step 1/3: 1 replica of revision 3, waits for a person: cluster rollout approve web)")]
    public async Task The_status_tells_what_is_waited_for(int step, long held, string waits, string expected)
    {
        await using var cluster = await FakeCluster.StartAsync();
        var status = Script.Service("web", 8, V1.RolloutState.Running, 3, 3, from: 2, to: 3);
        (status.Rollout.Phase, status.Rollout.HeldMs, status.Rollout.WaitsFor) = ("watching", held, waits);
        if (step == 0) (status.Rollout.PullNodes, status.Rollout.PulledNodes) = (3, 2);
        else (status.Rollout.Step, status.Rollout.Steps, status.Rollout.StepReplicas) = (step, 3, 1);
        cluster.On((V1.ListServicesRequest _) => Script.Snapshot(status));
        var cli = new CliRun(cluster.Address);
        Assert.Equal(0, await cli.RunAsync("rollout status web --detach"));
        Assert.Equal($"web: rollout 8 to revision 3 is {expected}\n", cli.Out);
    }

    [Theory]
    [InlineData(V1.RolloutState.Running, 0, "web: rollout 8 to revision 3 is paused\n")]
    [InlineData(V1.RolloutState.Succeeded, 0, "web: rollout 8 to revision 3 succeeded\n")]
    [InlineData(V1.RolloutState.RolledBack, 4, "web: rollout 8 to revision 3 failed and was rolled back to revision 2: it ended (on n2)\n")]
    [InlineData(V1.RolloutState.Failed, 1, "web: rollout 8 to revision 3 failed: it ended (on n2)\n")]
    public async Task The_status_of_a_rollout_is_a_line_and_its_code(V1.RolloutState state, int code, string expected)
    {
        await using var cluster = await FakeCluster.StartAsync();
        var status = Script.Service("web", 8, state, 3, 3, from: 2, to: 3, Script.Reason(ReasonCode.Exited, "it ended"));
        (status.Rollout.Paused, status.Rollout.FailedNode) = (state == V1.RolloutState.Running, "n2");
        cluster.On((V1.ListServicesRequest _) => Script.Snapshot(status));
        var cli = new CliRun(cluster.Address);
        Assert.Equal(code, await cli.RunAsync("rollout status web --detach"));
        Assert.Equal(expected, cli.Out);
    }

    [Fact]
    public async Task The_history_marks_what_is_wanted_and_tells_how_each_ended()
    {
        await using var cluster = await FakeCluster.StartAsync();
        var failed = new V1.RevisionView { Number = 3, Image = "web:3", State = V1.RolloutState.RolledBack, Reason = "it ended" };
        var served = new V1.RevisionView { Number = 2, Image = "web:2", State = V1.RolloutState.Succeeded, Wanted = true, Served = true };
        cluster.On((V1.GetServiceRequest _) => new V1.ServiceHistory { Revisions = { failed, served } });
        var cli = new CliRun(cluster.Address);
        Assert.Equal(0, await cli.RunAsync("service history web"));
        var lines = cli.Out.Split('\n');
        Assert.Matches("^3 +web:3 .*rolled-back  it ended$", lines[1].TrimEnd());
        Assert.Matches("^2 \\* +web:2 .*succeeded$", lines[2].TrimEnd());
    }

    private static void Send(FakeCluster cluster, V1.ServiceStatus status) => cluster.Snapshots.Writer.TryWrite(Script.Snapshot(status));

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
