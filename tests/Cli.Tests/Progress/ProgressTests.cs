// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Progress;
using ClusterManager.Cli.Tests.Fixtures;
using ClusterManager.Model;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Tests.Progress;

/// <summary>Scripted snapshots as a terminal and as a pipe show them.</summary>
public sealed class ProgressTests
{
    private static V1.ServicesSnapshot[] Sequence()
    {
        var first = Script.Service("web", 2, V1.RolloutState.Running, 2, 2, from: 1, to: 2);
        first.Rollout.Phase = "pulling";
        first.With(Script.Allocation(1, V1.AllocationState.Running, V1.HealthState.Healthy),
            Script.Allocation(1, V1.AllocationState.Pulling, revision: 2));
        var second = Script.Service("web", 2, V1.RolloutState.Running, 2, 2, from: 1, to: 2);
        second.Rollout.Phase = "pulling";
        second.With(
            Script.Allocation(1, V1.AllocationState.Stopping),
            Script.Allocation(1, V1.AllocationState.Running, V1.HealthState.Unhealthy, revision: 2,
                reason: Script.Reason(ReasonCode.Unhealthy, "GET /healthz answered 503")));
        second.Unplaced.Add(new V1.UnplacedStatus { Count = 1,
            Reason = Script.Reason(ReasonCode.NoMemory, "needs 2 GB; n2 has 1.2 GB free") });
        var last = Script.Service("web", 2, V1.RolloutState.Succeeded, 2, 2, from: 1, to: 2)
            .With(Script.Allocation(1, V1.AllocationState.Running, V1.HealthState.Healthy, revision: 2));
        return [Script.Snapshot(first), Script.Snapshot(first), Script.Snapshot(second), Script.Snapshot(last), Script.Snapshot(last)];
    }

    [Fact]
    public void A_pipe_gets_each_change_once_with_its_time() => Assert.Equal(
        [
            "pulling  web.1 on n1",
            "unhealthy web.1 on n1: GET /healthz answered 503",
            "stopping web.1 on n1",
            "waiting  web: needs 2 GB; n2 has 1.2 GB free",
            "healthy  web.1 on n1",
            "done     web 2/2 running",
        ],
        Shown(TimeSpan.FromSeconds(1), Sequence()));

    [Fact]
    public void What_passes_at_once_is_not_shown() => Assert.Equal(
        ["unhealthy web.1 on n1: GET /healthz answered 503", "healthy  web.1 on n1", "done     web 2/2 running"],
        Shown(TimeSpan.FromMilliseconds(50), Sequence()));

    [Fact]
    public void A_hook_is_told_when_it_begins_and_when_it_has_ended_and_is_no_replica()
    {
        V1.ServicesSnapshot At(V1.RolloutState state, V1.HookState hook, long elapsed)
        {
            var status = Script.Service("web", 2, state, 1, 1, from: 1, to: 2);
            status.Rollout.PreDeploy = new V1.HookStatus
            {
                State = hook, NodeName = "n2", ElapsedMs = elapsed,
                Id = new V1.AllocationRef { ServiceId = 1, Slot = HookSlot.PreDeploy, Generation = 1 },
            };
            return Script.Snapshot(status.With(Script.Allocation(HookSlot.PreDeploy, V1.AllocationState.Running, revision: 2)));
        }

        Assert.Equal(
            ["hook     web: pre_deploy on n2", "hook     web: pre_deploy ok 4.1s", "done     web 1/1 running"],
            Shown(
                TimeSpan.FromSeconds(1),
                At(V1.RolloutState.Running, V1.HookState.Running, 100),
                At(V1.RolloutState.Running, V1.HookState.Running, 3000),
                At(V1.RolloutState.Running, V1.HookState.Succeeded, 4100),
                At(V1.RolloutState.Succeeded, V1.HookState.Succeeded, 4100)));
        var rollout = At(V1.RolloutState.Running, V1.HookState.Running, 3000).Services[0].Rollout;
        Assert.Equal("pre_deploy on n2: running 3.0s", ClusterManager.Cli.Output.Views.RolloutWords.PhaseOf(rollout));
    }

    [Fact]
    public void What_ran_before_the_command_and_what_the_cluster_settles_by_itself_is_not_shown()
    {
        V1.ServicesSnapshot At(V1.RolloutState state, ReasonCode gap, params V1.AllocationView[] more)
        {
            var status = Script.Service("web", 2, state, 2, 2, from: 1, to: 1);
            status.Rollout.StartedUnixMs = 5_000;
            if (gap != ReasonCode.None) status.Unplaced.Add(new V1.UnplacedStatus { Count = 1, Reason = Script.Reason(gap, "so it is") });
            var old = Script.Allocation(1, V1.AllocationState.Running);
            old.CreatedUnixMs = 4_000;
            foreach (var one in more) one.CreatedUnixMs = 6_000;
            return Script.Snapshot(status.With([old, .. more]));
        }

        Assert.Equal(
            ["starting web.2 on n1", "running  web.2 on n1", "done     web 2/2 running"],
            Shown(
                TimeSpan.FromSeconds(1),
                At(V1.RolloutState.Running, ReasonCode.ImageBeingResolved),
                At(V1.RolloutState.Running, ReasonCode.LeaderSettling, Script.Allocation(2, V1.AllocationState.Assigned)),
                At(V1.RolloutState.Running, ReasonCode.None, Script.Allocation(2, V1.AllocationState.Starting)),
                At(V1.RolloutState.Running, ReasonCode.None, Script.Allocation(2, V1.AllocationState.Running)),
                // A new attempt: back to an earlier state is not told.
                At(V1.RolloutState.Running, ReasonCode.None, Script.Allocation(2, V1.AllocationState.Pulling)),
                At(V1.RolloutState.Succeeded, ReasonCode.None, Script.Allocation(2, V1.AllocationState.Running))));
    }

    [Fact]
    public void A_removal_shows_only_what_stops()
    {
        var target = new WaitTarget("web", 0, IsRemoval: true);
        Assert.Equal(
            ["stopping web.1 on n1", "stopped  web.1 on n1", "done     web removed"],
            Shown(
                TimeSpan.FromSeconds(1), target,
                Script.Snapshot(Script.Service("web", 1, V1.RolloutState.Succeeded, 1, 1)
                    .With(Script.Allocation(1, V1.AllocationState.Running))),
                Script.Snapshot(Script.Service("web", 1, V1.RolloutState.Succeeded, 0)
                    .With(Script.Allocation(1, V1.AllocationState.Stopping))),
                Script.Snapshot(Script.Service("web", 1, V1.RolloutState.Succeeded, 0)
                    .With(Script.Allocation(1, V1.AllocationState.Stopped))),
                new V1.ServicesSnapshot { Missing = { Script.Name("web") } }));
    }

    private static IEnumerable<string> Shown(TimeSpan each, params V1.ServicesSnapshot[] snapshots) =>
        Shown(each, new WaitTarget("web", 2, false), snapshots);

    // Each snapshot stands for so long before the next one comes.
    private static IEnumerable<string> Shown(TimeSpan each, WaitTarget target, params V1.ServicesSnapshot[] snapshots)
    {
        using var output = new StringWriter();
        var time = new SteppedTime();
        var tracker = new RolloutTracker([target]);
        var lines = new ChangeLines(output, time);
        foreach (var snapshot in snapshots)
        {
            tracker.Apply(snapshot);
            lines.Show(snapshot, tracker);
            time.Now += each;
            lines.Tick();
        }

        var shown = output.ToString().ReplaceLineEndings("\n").Trim('\n').Split('\n');
        Assert.All(shown, l => Assert.Matches("^10:02:1[0-9] ", l));
        return shown.Select(l => l[9..]);
    }

    private sealed class SteppedTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 3, 1, 10, 2, 11, TimeSpan.Zero);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => Now;

        public override long GetTimestamp() => Now.Ticks;
    }

    [Fact]
    public void A_terminal_gets_a_block_that_is_redrawn_in_place()
    {
        using var output = new StringWriter();
        var environment = new CliRun { IsTerminal = true }.Environment(output, output);
        var tracker = new RolloutTracker([new WaitTarget("web", 2, false)]);
        var block = new LiveBlock(environment, new Style(false));
        var sequence = Sequence();
        foreach (var snapshot in sequence)
        {
            tracker.Apply(snapshot);
            block.Show(snapshot, tracker);
        }

        var frames = output.ToString().ReplaceLineEndings("\n").Split("\u001b[");
        Assert.Equal("web  [0/2]  web.1 pulling\n", frames[0]);
        // A line up, erase to the end: then the new block, three lines high, which the next frame erases whole.
        Assert.Equal("1A\n", frames[1]);
        Assert.Equal(
            "J" + "web  [0/2]  web.1 unhealthy\n  web.1 on n1: GET /healthz answered 503\n"
            + "  1 not placed: needs 2 GB; n2 has 1.2 GB free\n", frames[2]);
        Assert.Equal("3A\n", frames[3]);
        Assert.Equal(5, frames.Length);
    }

    [Fact]
    public void Many_services_fold_into_a_count_that_fits_the_screen()
    {
        using var output = new StringWriter();
        var environment = new CliRun { IsTerminal = true }.Environment(output, output) with { Height = 10 };
        var names = Enumerable.Range(0, 40).Select(i => $"s{i}").ToArray();
        var tracker = new RolloutTracker([.. names.Select(n => new WaitTarget(n, 1, false))]);
        var block = new LiveBlock(environment, new Style(false));
        var snapshot = Script.Snapshot([.. names.Select((n, i) => Script.Service(
            n, 1, i < 35 ? V1.RolloutState.Succeeded : V1.RolloutState.Running, 1, 1))]);
        tracker.Apply(snapshot);
        block.Show(snapshot, tracker);
        var lines = block.Lines(tracker);
        Assert.Equal("35 of 40 services done", lines[0]);
        Assert.Equal(6, lines.Count);
    }

    [Fact]
    public void An_end_stays_an_end()
    {
        var tracker = new RolloutTracker([new WaitTarget("web", 2, false)]);
        tracker.Apply(Script.Snapshot(Script.Service("web", 2, V1.RolloutState.Succeeded, 1, 1)));
        tracker.Apply(Script.Snapshot(Script.Service("web", 3, V1.RolloutState.Failed, 1)));
        Assert.True(tracker.IsDone);
        Assert.Equal(ExitCode.Done, WaitVerdict.Of(tracker));
    }

    [Fact]
    public void Failures_of_several_kinds_are_a_failure_and_of_one_kind_that_kind()
    {
        V1.ServiceStatus Failed(string name, ReasonCode code) =>
            Script.Service(name, 1, V1.RolloutState.Failed, 1, reason: Script.Reason(code, "x"));
        var tracker = new RolloutTracker([new WaitTarget("a", 1, false), new WaitTarget("b", 1, false)]);
        tracker.Apply(Script.Snapshot(Failed("a", ReasonCode.NoCpu), Failed("b", ReasonCode.NoNodeMatches)));
        Assert.Equal(ExitCode.CannotBePlaced, WaitVerdict.Of(tracker));
        tracker = new RolloutTracker([new WaitTarget("a", 1, false), new WaitTarget("b", 1, false)]);
        tracker.Apply(Script.Snapshot(Failed("a", ReasonCode.NoCpu), Failed("b", ReasonCode.Exited)));
        Assert.Equal(ExitCode.Failed, WaitVerdict.Of(tracker));
    }
}
