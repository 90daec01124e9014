// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Agent.Allocations;
using ClusterManager.Agent.Docker;
using ClusterManager.Agent.Tests.Simulated;
using ClusterManager.Model;

namespace ClusterManager.Agent.Tests.Allocations;

/// <summary>One allocation's life on a simulated engine.</summary>
public sealed class RunnerTests : IDisposable
{
    private static readonly AllocationId Id = Make.Id(1);
    private readonly SimulatedNode _node = new SimulatedNode().Start();

    public void Dispose() => _node.Dispose();

    [Fact]
    public void An_assignment_is_created_with_its_labels_and_runs()
    {
        _node.Assign(Make.Assignment(Id));
        _node.UntilState(Id, AllocationState.Running);
        var request = _node.Container(Id).Request;
        Assert.Equal("web.1.1-1-1", request.Name);
        Assert.Equal(Make.Cluster.ToString(), request.Labels[ContainerLabels.Cluster]);
        Assert.Equal("1", request.Environment["CLUSTER_SLOT"]);
        Assert.Equal(["172.30.0.1"], request.DnsServers);
        Assert.Equal(ContainerNetwork.Name, request.Network);
        Assert.DoesNotContain(_node.Journal, entry => entry.StartsWith("pull", StringComparison.Ordinal));
    }

    [Fact]
    public void A_missing_image_is_pulled()
    {
        var assignment = Make.Assignment(Id) with { Image = "other@sha256:b" };
        _node.Engine.Registry.Add(assignment.Image);
        _node.Assign(assignment);
        _node.UntilState(Id, AllocationState.Running);
        Assert.Contains("pull other@sha256:b", _node.Journal);
    }

    [Fact]
    public void A_crash_is_restarted_at_once_in_the_same_container()
    {
        Run();
        var container = _node.Container(Id);
        var before = _node.Scheduler.Time.Now;
        _node.Engine.Crash(container, 1);
        _node.Scheduler.Until(() => container.Starts == 2
            && _node.Has(Id, AllocationState.Running), TimeSpan.FromSeconds(1), "a restart in place");
        Assert.True(_node.Scheduler.Time.Now - before < TimeSpan.FromSeconds(1));
        Assert.Same(container, _node.Container(Id));
        Assert.Equal(2, _node.Facts(Id).History.Attempt);
        Assert.Equal(1, _node.Facts(Id).History.Restarts);
        Assert.Equal(1, _node.Facts(Id).ExitCode);
    }

    [Fact]
    public void A_crash_loop_backs_off_and_says_so()
    {
        _node.Engine.ExitAtStart = _ => 3;
        _node.Assign(Make.Assignment(Id));
        _node.Scheduler.Advance(TimeSpan.FromSeconds(10));
        // Starts at 0, 0, about 1, 3, 7 s.
        Assert.InRange(_node.Container(Id).Starts, 4, 6);
        var facts = _node.Facts(Id);
        Assert.Equal(ReasonCode.CrashLoop, facts.Reason?.Code);
        Assert.Equal(3, facts.ExitCode);
        Assert.NotNull(facts.NextAttemptAt);
        Assert.False(facts.IsFinished);
    }

    [Fact]
    public void Without_restarts_an_end_is_the_end()
    {
        var spec = Make.Spec() with { Restart = new RestartPolicy { Condition = RestartCondition.None } };
        _node.Assign(Make.Assignment(Id, spec: spec));
        _node.UntilState(Id, AllocationState.Running);
        _node.Engine.Crash(_node.Container(Id), 0);
        _node.Scheduler.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(AllocationState.Completed, _node.Facts(Id).State);
        Assert.True(_node.Facts(Id).IsFinished);
        Assert.Equal(1, _node.Container(Id).Starts);
    }

    [Fact]
    public void Out_of_memory_is_the_reason_that_is_told()
    {
        var spec = Make.Spec() with { Restart = new RestartPolicy { Condition = RestartCondition.None } };
        _node.Assign(Make.Assignment(Id, spec: spec));
        _node.UntilState(Id, AllocationState.Running);
        _node.Engine.Crash(_node.Container(Id), 137, outOfMemory: true);
        _node.UntilState(Id, AllocationState.Failed, withinSeconds: 1);
        Assert.Equal(ReasonCode.OutOfMemory, _node.Facts(Id).Reason?.Code);
        Assert.True(_node.Facts(Id).OutOfMemory);
    }

    [Fact]
    public void A_container_removed_by_hand_is_made_again()
    {
        Run();
        var first = _node.Container(Id);
        _node.Engine.RemoveByHand(first);
        _node.Scheduler.Until(() => _node.Engine.Containers.Count == 1
            && _node.Has(Id, AllocationState.Running), TimeSpan.FromSeconds(2), "a new one");
        Assert.NotSame(first, _node.Container(Id));
    }

    [Fact]
    public void A_removal_whose_event_was_missed_is_found_by_the_full_list()
    {
        Run();
        _node.Engine.RemoveByHand(_node.Container(Id), isTold: false);
        _node.Scheduler.Until(() => _node.Engine.Containers.Count == 1
            && _node.Has(Id, AllocationState.Running), TimeSpan.FromSeconds(32), "a new one");
    }

    [Theory]
    [InlineData(DockerErrorKind.ImageNotFound, ReasonCode.ImageNotFound)]
    [InlineData(DockerErrorKind.RegistryDenied, ReasonCode.RegistryDenied)]
    [InlineData(DockerErrorKind.RegistryUnreachable, ReasonCode.RegistryUnreachable)]
    [InlineData(DockerErrorKind.NoSpace, ReasonCode.PullFailed)]
    public void A_failed_pull_says_why_and_is_tried_again(DockerErrorKind kind, ReasonCode reason)
    {
        var assignment = Make.Assignment(Id) with { Image = "other@sha256:b" };
        _node.Engine.Registry.Add(assignment.Image);
        _node.Engine.FailNext("pulled", kind);
        _node.Assign(assignment);
        _node.UntilState(Id, AllocationState.Rejected);
        Assert.Equal(reason, _node.Facts(Id).Reason?.Code);
        Assert.NotNull(_node.Facts(Id).NextAttemptAt);
        _node.UntilState(Id, AllocationState.Running);
        Assert.Null(_node.Facts(Id).Reason);
    }

    [Fact]
    public void An_image_that_is_in_no_registry_is_never_pulled()
    {
        _node.Assign(Make.Assignment(Id) with { Image = "sha256:elsewhere", ImageIsId = true });
        _node.UntilState(Id, AllocationState.Rejected);
        Assert.Equal(ReasonCode.ImageNotOnNode, _node.Facts(Id).Reason?.Code);
        Assert.DoesNotContain(_node.Journal, entry => entry.StartsWith("pull", StringComparison.Ordinal));
    }

    [Fact]
    public void A_dynamic_port_that_turns_out_taken_is_replaced_by_another()
    {
        _node.Engine.TakenPorts.Add(20000);
        _node.Assign(Make.Assignment(Id, spec: Published(PortMode.Dynamic)));
        _node.UntilState(Id, AllocationState.Running);
        Assert.Equal(new HostPort(80, 20001, PortProtocol.Tcp), Assert.Single(_node.Facts(Id).HostPorts));
    }

    [Fact]
    public void A_fixed_port_that_is_taken_is_told_and_tried_again()
    {
        _node.Engine.TakenPorts.Add(8080);
        _node.Assign(Make.Assignment(Id, spec: Published(PortMode.Fixed, 8080)));
        _node.Scheduler.Until(() => _node.Has(Id, AllocationState.Rejected)
            && _node.Facts(Id).NextAttemptAt is not null, TimeSpan.FromSeconds(5), "rejected");
        Assert.Equal(ReasonCode.PortTaken, _node.Facts(Id).Reason?.Code);
        _node.Engine.TakenPorts.Clear();
        _node.UntilState(Id, AllocationState.Running);
    }

    [Fact]
    public void A_refused_start_makes_a_new_container_the_next_time()
    {
        _node.Engine.FailNext("start", DockerErrorKind.InvalidConfiguration, "exec: \"nope\": executable file not found in $PATH");
        _node.Assign(Make.Assignment(Id));
        _node.UntilState(Id, AllocationState.Running);
        Assert.Equal(2, _node.Journal.Count(entry => entry.StartsWith("create", StringComparison.Ordinal)));
        Assert.Equal(2, _node.Facts(Id).History.Attempt);
    }

    [Fact]
    public void Stop_leaves_discovery_then_drains_then_signals()
    {
        _node.Assign(Make.Assignment(Id, spec: Published(PortMode.Dynamic)));
        _node.Scheduler.Until(() => _node.Registry.Entries.Values.Any(e => e.IsPassing), TimeSpan.FromSeconds(5), "registered");
        _node.Scheduler.Advance(TimeSpan.FromSeconds(1));
        _node.Journal.Clear();
        var before = _node.Scheduler.Time.Now;
        _node.Assign(Make.Assignment(Id, DesiredState.Stop, Published(PortMode.Dynamic)));
        _node.UntilState(Id, AllocationState.Stopped);
        Assert.Equal(["deregister cluster/default/web/1/1", "stop web.1.1-1-1"], _node.Journal);
        Assert.True(_node.Scheduler.Time.Now - before >= TimeSpan.FromSeconds(3.1), "drain delay and the process's own end");
        Assert.True(_node.Facts(Id).IsFinished);
        Assert.Equal(143, _node.Facts(Id).ExitCode);
        Assert.Single(_node.Engine.Containers);
    }

    [Fact]
    public void A_Consul_that_does_not_answer_holds_up_a_stop_for_two_seconds_only()
    {
        _node.Assign(Make.Assignment(Id, spec: Published(PortMode.Dynamic)));
        _node.Scheduler.Until(() => _node.Registry.Entries.Values.Any(e => e.IsPassing), TimeSpan.FromSeconds(5), "registered");
        _node.Scheduler.Advance(TimeSpan.FromSeconds(1));
        _node.Registry.IsUp = false;
        _node.Assign(Make.Assignment(Id, DesiredState.Stop, Published(PortMode.Dynamic)));
        _node.UntilState(Id, AllocationState.Stopped, withinSeconds: 6);
    }

    [Fact]
    public void A_stop_waits_for_open_connections_and_ends_as_soon_as_the_last_is_closed()
    {
        _node.Connections = 2;
        var stopped = StopOfPublished();
        _node.Scheduler.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(AllocationState.Stopping, _node.Facts(Id).State);
        Assert.DoesNotContain("stop web.1.1-1-1", _node.Journal);
        _node.Connections = 0;
        _node.UntilState(Id, AllocationState.Stopped, withinSeconds: 1);
        Assert.InRange((_node.Scheduler.Time.Now - stopped).TotalSeconds, 5, 6);
    }

    [Fact]
    public void Who_never_closes_a_connection_is_cut_off_in_the_end()
    {
        _node.Connections = 1;
        var stopped = StopOfPublished();
        _node.UntilState(Id, AllocationState.Stopped, withinSeconds: 15);
        Assert.InRange((_node.Scheduler.Time.Now - stopped).TotalSeconds, 13, 14);
    }

    private TimeSpan StopOfPublished()
    {
        _node.Assign(Make.Assignment(Id, spec: Published(PortMode.Dynamic)));
        _node.Scheduler.Until(() => _node.Registry.Entries.Values.Any(e => e.IsPassing), TimeSpan.FromSeconds(5), "registered");
        _node.Scheduler.Advance(TimeSpan.FromSeconds(1));
        _node.Journal.Clear();
        var began = _node.Scheduler.Time.Now;
        _node.Assign(Make.Assignment(Id, DesiredState.Stop, Published(PortMode.Dynamic)));
        return began;
    }

    [Fact]
    public void What_nobody_can_have_found_is_stopped_without_a_drain()
    {
        Run();
        var before = _node.Scheduler.Time.Now;
        _node.Assign(Make.Assignment(Id, DesiredState.Stop));
        _node.UntilState(Id, AllocationState.Stopped);
        Assert.True(_node.Scheduler.Time.Now - before < TimeSpan.FromMilliseconds(200));
    }

    [Fact]
    public void Remove_stops_and_removes_and_a_forgotten_allocation_leaves_the_board()
    {
        Run();
        _node.Assign(Make.Assignment(Id, DesiredState.Remove));
        _node.Scheduler.Until(() => _node.Engine.Containers.Count == 0, TimeSpan.FromSeconds(5), "removed");
        Assert.Equal(AllocationState.Stopped, _node.Facts(Id).State);
        _node.Assign();
        Assert.DoesNotContain(Id, _node.Context.Board.Current.Keys);
    }

    [Fact]
    public void A_stop_ends_a_pull_that_is_under_way()
    {
        var assignment = Make.Assignment(Id) with { Image = "other@sha256:b" };
        _node.Engine.PullTakes = TimeSpan.FromHours(1);
        _node.Assign(assignment);
        _node.Scheduler.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(AllocationState.Pulling, _node.Facts(Id).State);
        _node.Assign(assignment with { Desired = DesiredState.Stop });
        _node.UntilState(Id, AllocationState.Stopped, withinSeconds: 1);
    }

    [Fact]
    public void Ready_pulls_and_waits_and_run_then_needs_no_pull()
    {
        var assignment = Make.Assignment(Id, DesiredState.Ready) with { Image = "other@sha256:b" };
        _node.Engine.Registry.Add(assignment.Image);
        _node.Assign(assignment);
        _node.Scheduler.Advance(TimeSpan.FromMinutes(1));
        Assert.Contains(assignment.Image, _node.Engine.Images);
        Assert.Empty(_node.Engine.Containers);
        _node.Assign(assignment with { Desired = DesiredState.Run });
        _node.UntilState(Id, AllocationState.Running);
    }

    [Fact]
    public void Named_volumes_are_made_with_the_stack_in_front()
    {
        var spec = Make.Spec() with
        {
            Container = new ContainerSpec
            {
                Image = "x",
                Mounts = [new MountSpec { Kind = MountKind.Volume, Source = "data", Target = "/data" }],
            },
        };
        _node.Assign(Make.Assignment(Id, spec: spec));
        _node.UntilState(Id, AllocationState.Running);
        Assert.Contains("volume default_data", _node.Journal);
        Assert.Contains(new ContainerMount.Volume("default_data", "/data"), _node.Container(Id).Request.Mounts);
    }

    [Fact]
    public void No_more_than_three_pulls_run_at_once()
    {
        var assignments = Enumerable.Range(1, 10).Select(i => Make.Assignment(Make.Id(i)) with { Image = $"i{i}@sha256:b" }).ToArray();
        foreach (var assignment in assignments) _node.Engine.Registry.Add(assignment.Image);
        _node.Assign(assignments);
        foreach (var assignment in assignments) _node.UntilState(assignment.Id, AllocationState.Running);
        Assert.Equal(3, _node.Engine.PullsAtOnceMax);
    }

    private void Run()
    {
        _node.Assign(Make.Assignment(Id));
        _node.UntilState(Id, AllocationState.Running);
    }

    private static ServiceSpec Published(PortMode mode, int? published = null) => Make.Spec() with
    {
        Ports = [new PortSpec { Mode = mode, Target = 80, Published = published }],
    };
}
