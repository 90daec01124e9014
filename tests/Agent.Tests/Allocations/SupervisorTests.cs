// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Allocations;
using ClusterManager.Agent.Docker;
using ClusterManager.Agent.Node;
using ClusterManager.Agent.Tests.Simulated;
using ClusterManager.Model;

namespace ClusterManager.Agent.Tests.Allocations;

/// <summary>A node's beginnings, its engine's troubles, and what it never touches.</summary>
public sealed class SupervisorTests
{
    private static readonly AllocationId Id = Make.Id(1);

    private static AssignmentBook Book(params Assignment[] items) =>
        AssignmentBook.Empty(Make.Version(1, 1)).Apply(Make.Complete(Make.Version(1, 1), items));

    [Fact]
    public void An_agent_that_returns_adopts_what_runs_without_touching_it()
    {
        using var node = new SimulatedNode(Book(Make.Assignment(Id)));
        var container = node.Leave(Id, isRunning: true);
        node.Start();
        node.UntilState(Id, AllocationState.Running, withinSeconds: 1);
        Assert.Same(container, node.Container(Id));
        Assert.Empty(node.Journal);
        Assert.Equal(1, node.Facts(Id).History.Attempt);
    }

    [Fact]
    public void After_a_power_cut_it_starts_what_it_had_before_any_manager_is_there()
    {
        using var node = new SimulatedNode(Book(Make.Assignment(Id), Make.Assignment(Make.Id(2))));
        var container = node.Leave(Id, isRunning: false);
        container.Started = node.Scheduler.Time.GetUtcNow();
        container.State = ClusterManager.Agent.Docker.ContainerState.Exited;
        container.ExitCode = 255;
        node.Start();
        node.UntilState(Id, AllocationState.Running, withinSeconds: 2);
        node.UntilState(Make.Id(2), AllocationState.Running, withinSeconds: 2);
        Assert.Same(container, node.Container(Id));
    }

    [Fact]
    public void An_exclusive_one_waits_for_a_managers_word_after_a_power_cut()
    {
        var exclusive = Make.Assignment(Id) with { Exclusive = true };
        using var node = new SimulatedNode(Book(exclusive)).Start();
        node.Scheduler.Advance(TimeSpan.FromMinutes(5));
        Assert.Empty(node.Engine.Containers);
        node.Assign(exclusive);
        node.UntilState(Id, AllocationState.Running);
    }

    [Fact]
    public void An_exclusive_one_that_ran_on_is_restarted_without_a_manager()
    {
        using var node = new SimulatedNode(Book(Make.Assignment(Id) with { Exclusive = true }));
        var container = node.Leave(Id, isRunning: true);
        node.Start();
        node.UntilState(Id, AllocationState.Running);
        node.Engine.Crash(container, 1);
        node.Scheduler.Until(() => container.Starts == 1, TimeSpan.FromSeconds(1), "a restart");
    }

    [Fact]
    public void Containers_of_another_cluster_are_never_touched()
    {
        using var node = new SimulatedNode(Book());
        var foreign = node.Leave(Make.Id(5), isRunning: true, Make.OtherCluster);
        node.Start();
        node.Assign();
        node.Scheduler.Advance(TimeSpan.FromMinutes(2));
        Assert.True(foreign.IsRunning);
        Assert.Empty(node.Journal);
    }

    [Fact]
    public void What_is_not_assigned_any_more_is_stopped_and_removed()
    {
        using var node = new SimulatedNode(Book());
        node.Leave(Make.Id(5), isRunning: true);
        node.Start();
        node.Scheduler.Until(() => node.Engine.Containers.Count == 0, TimeSpan.FromSeconds(5), "removed");
        Assert.Equal(["stop web.1.5-1-1", "remove web.1.5-1-1"], node.Journal);
    }

    [Fact]
    public void While_the_assignment_is_unknown_it_reports_and_removes_nothing_until_a_manager_speaks()
    {
        using var node = new SimulatedNode(AssignmentBook.Unknown(Make.Version(1, 1)));
        var kept = node.Leave(Id, isRunning: true);
        var orphan = node.Leave(Make.Id(5), isRunning: true);
        node.Start();
        node.Scheduler.Advance(TimeSpan.FromMinutes(2));
        Assert.True(kept.IsRunning && orphan.IsRunning);
        Assert.Equal(AllocationState.Running, node.Facts(Make.Id(5)).State);
        node.Assign(Make.Assignment(Id));
        node.Scheduler.Until(() => node.Engine.Containers.Count == 1, TimeSpan.FromSeconds(5), "the orphan is gone");
        Assert.True(kept.IsRunning);
        Assert.Same(kept, node.Container(Id));
    }

    [Fact]
    public void What_an_assignment_from_the_disk_does_not_name_runs_on_until_a_manager_speaks()
    {
        var fromDisk = Make.Complete(Make.Version(1, 1), Make.Assignment(Id)) with { IsFromDisk = true };
        using var node = new SimulatedNode(AssignmentBook.Empty(Make.Version(1, 1)).Apply(fromDisk));
        var unnamed = node.Leave(Make.Id(5), isRunning: true);
        node.Start();
        node.UntilState(Id, AllocationState.Running);
        node.Scheduler.Advance(TimeSpan.FromMinutes(2));
        Assert.True(unnamed.IsRunning);
        node.Assign(Make.Assignment(Id));
        node.Scheduler.Until(() => node.Engine.Containers.Count == 1, TimeSpan.FromSeconds(5), "what nobody wants is gone");
        Assert.DoesNotContain(unnamed, node.Engine.Containers);
    }

    [Fact]
    public void A_container_found_before_its_assignment_is_known_serves_only_when_its_check_has_passed()
    {
        using var node = new SimulatedNode(AssignmentBook.Unknown(Make.Version(1, 1)));
        node.Prober.IsPassing = false;
        node.Leave(Id, isRunning: true);
        node.Start();
        node.UntilState(Id, AllocationState.Running);
        var assignment = Make.Assignment(Id);
        node.Assign(assignment with { Spec = assignment.Spec with { Health = new HealthSpec { Kind = HealthKind.Http, Port = 80 } } });
        node.Scheduler.Until(() => node.Prober.Count > 0, TimeSpan.FromMinutes(1), "a probe");
        Assert.False(node.Facts(Id).IsAvailable);
        node.Prober.IsPassing = true;
        node.Scheduler.Until(() => node.Facts(Id).IsAvailable, TimeSpan.FromMinutes(1), "a passed check");
    }

    [Fact]
    public void A_second_container_of_an_allocation_is_removed()
    {
        using var node = new SimulatedNode(Book(Make.Assignment(Id)));
        var running = node.Leave(Id, isRunning: true);
        var copy = node.Engine.Add(running.Request with { Name = "copy" }, isRunning: false);
        node.Start();
        node.Scheduler.Until(() => node.Engine.Containers.Count == 1, TimeSpan.FromSeconds(5), "one is left");
        Assert.True(running.IsRunning);
        Assert.DoesNotContain(copy, node.Engine.Containers);
    }

    [Fact]
    public void An_engine_that_is_down_changes_no_state_and_its_return_is_noticed()
    {
        using var node = new SimulatedNode().Start();
        node.Assign(Make.Assignment(Id));
        node.UntilState(Id, AllocationState.Running);
        node.Engine.GoDown();
        node.Scheduler.Until(() => !node.Watch.Status.Current.IsUp, TimeSpan.FromSeconds(1), "engine down");
        node.Scheduler.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(AllocationState.Running, node.Facts(Id).State);
        node.Engine.ComeUp();
        node.Scheduler.Until(() => node.Watch.Status.Current.IsUp, TimeSpan.FromSeconds(5), "engine up");
        Assert.Equal(1, node.Container(Id).Starts);
        Assert.Equal(AllocationState.Running, node.Facts(Id).State);
    }

    [Fact]
    public void Containers_that_died_with_their_engine_are_restarted_when_it_returns()
    {
        using var node = new SimulatedNode().Start();
        node.Assign(Make.Assignment(Id));
        node.UntilState(Id, AllocationState.Running);
        node.Engine.GoDown(keepsContainers: false);
        node.Scheduler.Advance(TimeSpan.FromSeconds(10));
        node.Engine.ComeUp();
        node.Scheduler.Until(() => node.Container(Id).Starts == 2, TimeSpan.FromSeconds(5), "restarted");
    }

    [Fact]
    public void An_engine_that_may_not_be_opened_is_down_with_its_reason()
    {
        using var node = new SimulatedNode();
        node.Engine.GoDown();
        node.Start();
        node.Scheduler.Advance(TimeSpan.FromSeconds(1));
        Assert.False(node.Watch.Status.Current.IsUp);
        Assert.Equal("nobody answers at the socket", node.Watch.Status.Current.Problem);
    }

    [Fact]
    public void An_engine_that_hangs_is_down_within_10_seconds_and_up_when_it_answers()
    {
        using var node = new SimulatedNode().Start();
        node.Assign(Make.Assignment(Id));
        node.UntilState(Id, AllocationState.Running);
        node.Engine.Hangs = true;
        node.Scheduler.Until(() => !node.Watch.Status.Current.IsUp, TimeSpan.FromSeconds(10), "engine down");
        Assert.Contains("hangs", node.Watch.Status.Current.Problem, StringComparison.Ordinal);
        node.Scheduler.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(AllocationState.Running, node.Facts(Id).State);
        node.Engine.Hangs = false;
        node.Scheduler.Until(() => node.Watch.Status.Current.IsUp, TimeSpan.FromSeconds(10), "engine up");
        Assert.Equal(1, node.Container(Id).Starts);
    }

    [Fact]
    public void A_list_that_failed_is_asked_for_again_within_seconds()
    {
        using var node = new SimulatedNode().Start();
        node.Assign(Make.Assignment(Id));
        node.UntilState(Id, AllocationState.Running);
        node.Scheduler.Advance(EngineWatch.ListInterval);
        node.Engine.FailNext("list", DockerErrorKind.ServerError);
        node.Engine.RemoveByHand(node.Container(Id), isTold: false);
        node.Scheduler.Advance(EngineWatch.ListInterval);
        node.Scheduler.Until(() => node.Engine.Containers.Count == 1, TimeSpan.FromSeconds(3), "made again");
    }

    [Fact]
    public void The_end_of_the_agent_leaves_containers_and_registrations_as_they_are()
    {
        var spec = Make.Spec() with { Ports = [new PortSpec { Mode = PortMode.Dynamic, Target = 80 }] };
        var node = new SimulatedNode().Start();
        node.Assign(Make.Assignment(Id, spec: spec));
        node.Scheduler.Until(() => node.Registry.Entries.Values.Any(e => e.IsPassing), TimeSpan.FromSeconds(5), "registered");
        node.Journal.Clear();
        node.Stop();
        node.Scheduler.Advance(TimeSpan.FromSeconds(30));
        Assert.Empty(node.Journal);
        Assert.True(node.Container(Id).IsRunning);
        Assert.True(node.Registry.Entries.Values.Single().IsPassing);
    }

    [Fact]
    public void An_agents_restart_takes_nothing_out_of_discovery()
    {
        var spec = Make.Spec() with { Ports = [new PortSpec { Mode = PortMode.Dynamic, Target = 80 }] };
        var first = new SimulatedNode().Start();
        first.Assign(Make.Assignment(Id, spec: spec));
        first.Scheduler.Until(() => first.Registry.Entries.Values.Any(e => e.IsPassing), TimeSpan.FromSeconds(5), "registered");
        var remembered = StoredAllocation.Of(first.Facts(Id)).ToFacts()!;
        first.Stop();
        first.Journal.Clear();
        using var second = new SimulatedNode(first.Book, [remembered], first).Start();
        second.Scheduler.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(AllocationState.Running, second.Facts(Id).State);
        Assert.Empty(second.Journal);
    }

    [Fact]
    public void What_had_ended_before_the_agents_restart_stays_ended()
    {
        var first = new SimulatedNode().Start();
        first.Assign(Make.Assignment(Id));
        first.UntilState(Id, AllocationState.Running);
        first.Assign(Make.Assignment(Id, DesiredState.Stop));
        first.UntilState(Id, AllocationState.Stopped);
        var remembered = StoredAllocation.Of(first.Facts(Id)).ToFacts()!;
        first.Stop();
        using var second = new SimulatedNode(first.Book, [remembered], first).Start();
        second.Scheduler.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(AllocationState.Stopped, second.Facts(Id).State);
        Assert.Equal(143, second.Facts(Id).ExitCode);
        Assert.True(second.Facts(Id).IsFinished);
    }
}
