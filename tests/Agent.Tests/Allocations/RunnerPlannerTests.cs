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
