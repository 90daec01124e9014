// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Allocations;
using ClusterManager.Model;

namespace ClusterManager.Agent.Tests.Allocations;

/// <summary>The order of a stop: out of discovery, then the drain, then the signal.</summary>
public sealed class RunnerPlannerTests
{
    private static readonly AllocationId Id = Make.Id(1);
    private static readonly TimeSpan Now = TimeSpan.FromHours(1);

    private static readonly ServiceSpec Published = Make.Spec() with
    {
        Ports = [new PortSpec { Mode = PortMode.Dynamic, Target = 80 }], DrainDelay = TimeSpan.FromSeconds(3),
    };

    private static readonly AllocationFacts Running = new()
    {
        Id = Id, State = AllocationState.Running, Action = AllocationAction.Watch, IsLocated = true, IsRunning = true, ContainerId = "c",
    };

    [Fact]
    public void A_hook_that_an_earlier_life_of_the_agent_had_is_not_begun_again_where_its_container_is_gone()
    {
        var id = Id with { Slot = HookSlot.PreDeploy };
        var spec = HookTemplate.Of(Make.Spec(), HookKind.PreDeploy);
        var inputs = Inputs(spec, false, false) with { Goal = RunnerGoal.Run };
        var facts = new AllocationFacts { Id = id, IsLocated = true };
        Assert.Equal(AllocationState.Pulling, Assert.IsType<RunnerStep.Note>(RunnerPlanner.Next(facts, inputs, Now)).Facts.State);
        var ended = Assert.IsType<RunnerStep.Note>(RunnerPlanner.Next(facts, inputs with { IsResumed = true }, Now)).Facts;
        Assert.Equal((AllocationState.Failed, ReasonCode.HookFailed), (ended.State, ended.Reason!.Code));
        var decided = Assert.IsType<RunnerStep.Note>(RunnerPlanner.Next(ended, inputs with { IsResumed = true }, Now)).Facts;
        Assert.True(decided.IsFinished);
        var made = facts with { ContainerId = "c" };
        Assert.Equal(AllocationState.Starting,
            Assert.IsType<RunnerStep.Note>(RunnerPlanner.Next(made, inputs with { IsResumed = true }, Now)).Facts.State);
    }

    [Fact]
    public void A_stop_drains_though_the_runner_was_busy_while_discovery_was_left() =>
        Assert.Equal(Now + TimeSpan.FromSeconds(3), StopBegins(Published, isInDiscovery: false, wasInDiscovery: true));

    [Fact]
    public void A_stop_waits_a_bounded_time_for_a_discovery_that_was_not_compared_yet()
    {
        var patience = Assert.IsType<RunnerStep.Wait>(AfterNotes(Inputs(Published, true, true), Now));
        Assert.Equal(Now + RunnerPlanner.DeregistrationPatience, patience.Until);
    }

    [Fact]
    public void What_was_never_in_discovery_is_stopped_at_once() =>
        Assert.Equal(Now, StopBegins(Published, isInDiscovery: false, wasInDiscovery: false));

    [Fact]
    public void What_publishes_nothing_is_stopped_at_once() =>
        Assert.Equal(Now, StopBegins(Published with { Ports = [] }, isInDiscovery: true, wasInDiscovery: true));

    [Theory]
    [InlineData(3.1, 1, 3.25)] // counted again
    [InlineData(12.9, 1, 13)] // and no longer than that
    [InlineData(3.1, 0, 0)] // nobody left
    [InlineData(13, 1, 0)] // who never closes is cut off
    public void After_the_drain_open_connections_are_waited_for_a_bounded_time(double atSecond, int open, double untilSecond)
    {
        var step = AfterDrain(Published, TimeSpan.FromSeconds(atSecond), open);
        if (untilSecond == 0) Assert.IsType<RunnerStep.Stop>(step);
        else Assert.Equal(Now + TimeSpan.FromSeconds(untilSecond), Assert.IsType<RunnerStep.Wait>(step).Until);
    }

    [Fact]
    public void Connections_are_counted_after_the_drain_and_not_before() =>
        Assert.IsType<RunnerStep.CountConnections>(AfterDrain(Published, TimeSpan.FromSeconds(3.1), 0, countedAtSecond: 2.9));

    [Fact]
    public void Without_a_drain_delay_nobody_is_waited_for() =>
        Assert.IsType<RunnerStep.Stop>(AfterDrain(Published with { DrainDelay = TimeSpan.Zero }, TimeSpan.FromSeconds(0.1), 1));

    [Fact]
    public void What_holds_a_volume_waits_for_no_connection() => Assert.IsType<RunnerStep.Stop>(AfterDrain(
        Published with
        {
            Container = Published.Container with
            {
                Mounts = [new MountSpec { Kind = MountKind.Volume, Source = "data", Target = "/data" }],
            },
        },
        TimeSpan.FromSeconds(3.1), 1));

    [Fact]
    public void When_Consul_was_slow_the_drain_begins_when_it_has_answered()
    {
        var waited = Running with
        {
            State = AllocationState.Stopping, StopBegan = Now, LeftDiscoveryAt = Now, WasInDiscovery = true, MayStillBeKnown = true,
        };
        var now = Now + TimeSpan.FromSeconds(2);
        var known = Assert.IsType<RunnerStep.Wait>(RunnerPlanner.Next(waited, Inputs(Published, true, true), now));
        Assert.Equal(Now + Published.DrainDelay, known.Until);
        var note = Assert.IsType<RunnerStep.Note>(RunnerPlanner.Next(waited, Inputs(Published, false, true), now));
        Assert.Equal((now, false), (note.Facts.LeftDiscoveryAt, note.Facts.MayStillBeKnown));
    }

    // It left discovery at Now; so long afterwards, when connections were counted a moment ago.
    private static RunnerStep AfterDrain(ServiceSpec spec, TimeSpan after, int open, double? countedAtSecond = null)
    {
        var counted = countedAtSecond is { } second ? TimeSpan.FromSeconds(second) : after < TimeSpan.FromSeconds(4)
            ? TimeSpan.FromSeconds(3) : after - TimeSpan.FromSeconds(0.1);
        var facts = Running with
        {
            State = AllocationState.Stopping, StopBegan = Now, LeftDiscoveryAt = Now, WasInDiscovery = true, OpenConnections = open,
            CountedAt = Now + counted,
        };
        return RunnerPlanner.Next(facts, Inputs(spec, false, true), Now + after);
    }

    private static TimeSpan StopBegins(ServiceSpec spec, bool isInDiscovery, bool wasInDiscovery)
    {
        var step = AfterNotes(Inputs(spec, isInDiscovery, wasInDiscovery), Now);
        if (step is RunnerStep.Wait { Until: { } until }) return until;
        Assert.IsType<RunnerStep.Stop>(step);
        return Now;
    }

    private static RunnerStep AfterNotes(RunnerInputs inputs, TimeSpan now)
    {
        var facts = Running;
        while (true)
        {
            var step = RunnerPlanner.Next(facts, inputs, now);
            if (step is not RunnerStep.Note note) return step;
            facts = note.Facts;
        }
    }

    private static RunnerInputs Inputs(ServiceSpec spec, bool isInDiscovery, bool wasInDiscovery) => new()
    {
        Goal = RunnerGoal.Remove, Assignment = Make.Assignment(Id, spec: spec), IsEngineUp = true, IsInDiscovery = isInDiscovery,
        WasInDiscovery = wasInDiscovery,
    };
}
