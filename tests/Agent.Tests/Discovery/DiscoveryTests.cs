// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Allocations;
using ClusterManager.Agent.Discovery;
using ClusterManager.Agent.Docker;
using ClusterManager.Agent.Tests.Simulated;
using ClusterManager.Model;

namespace ClusterManager.Agent.Tests.Discovery;

/// <summary>Health and what callers see of it.</summary>
public sealed class DiscoveryTests : IDisposable
{
    private const string Entry = "cluster/default/web/1/1";
    private static readonly AllocationId Id = Make.Id(1);
    private readonly SimulatedNode _node = new SimulatedNode().Start();

    public void Dispose() => _node.Dispose();

    [Fact]
    public void A_service_without_a_check_passes_as_soon_as_it_runs()
    {
        Assign(health: null);
        Until(() => IsPassing, "passing");
        var entry = _node.Registry.Entries[Entry];
        Assert.Equal(("web", "10.0.0.1", 20000), (entry.Name, entry.Address, entry.Port));
        Assert.Equal("20001", entry.Meta["port_8443"]);
        Assert.Equal(Id.ToString(), entry.Meta[RegistrationBuilder.AllocationMeta]);
    }

    [Fact]
    public void Another_colour_is_another_name_and_touches_no_container()
    {
        Assign(health: null, Colour.Green);
        Until(() => _node.Registry.Entries.ContainsKey($"{Entry}/green"), "registered");
        Assert.Equal("green-web", _node.Registry.Entries[$"{Entry}/green"].Name);
        Assert.DoesNotContain(Entry, _node.Registry.Entries.Keys);
        Assign(health: null, Colour.Told);
        Until(() => IsPassing, "told of");
        Assert.DoesNotContain($"{Entry}/green", _node.Registry.Entries.Keys);
        Assign(health: null, Colour.Kept);
        Until(() => _node.Registry.Entries.Count == 0, "told of no more");
        Assert.Equal(AllocationState.Running, _node.Facts(Id).State);
        Assert.Equal(1, Assert.Single(_node.Engine.Containers).Starts);
        Assign(health: null, Colour.Told);
        Until(() => IsPassing, "told of again");
    }

    [Fact]
    public void What_is_not_published_is_not_registered()
    {
        _node.Assign(Make.Assignment(Id));
        _node.UntilState(Id, AllocationState.Running);
        _node.Scheduler.Advance(TimeSpan.FromSeconds(20));
        Assert.Empty(_node.Registry.Entries);
    }

    [Fact]
    public void A_probed_service_starts_critical_and_passes_after_its_first_success()
    {
        _node.Prober.IsPassing = false;
        Assign(new HealthSpec { Kind = HealthKind.Http, StartPeriod = TimeSpan.FromMinutes(1), Path = "/health" });
        Until(() => _node.Registry.Entries.ContainsKey(Entry), "registered");
        _node.Scheduler.Advance(TimeSpan.FromSeconds(5));
        Assert.False(IsPassing);
        Assert.Equal(("172.30.0.2", 80, "/health"), (_node.Prober.LastTarget!.Address, _node.Prober.LastTarget.Port,
            _node.Prober.LastTarget.Path));
        _node.Prober.IsPassing = true;
        Until(() => IsPassing, "passing");
        Assert.Equal(HealthState.Healthy, _node.Facts(Id).Health);
    }

    [Fact]
    public void Unhealthy_turns_critical_at_once_and_is_restarted_when_it_stays_so()
    {
        Assign(new HealthSpec { Kind = HealthKind.Tcp });
        Until(() => IsPassing, "passing");
        _node.Prober.IsPassing = false;
        Until(() => _node.Facts(Id).Health == HealthState.Unhealthy, "unhealthy", 10);
        Assert.False(IsPassing);
        Assert.Equal(ReasonCode.Unhealthy, _node.Facts(Id).Reason?.Code);
        Assert.Equal(1, _node.Container(Id).Starts);
        _node.Scheduler.Advance(RunnerPlanner.UnhealthyGrace + TimeSpan.FromSeconds(1));
        Assert.Equal(2, _node.Container(Id).Starts);
    }

    [Fact]
    public void Unhealthy_that_heals_in_time_is_not_restarted()
    {
        Assign(new HealthSpec { Kind = HealthKind.Tcp });
        Until(() => IsPassing, "passing");
        _node.Prober.IsPassing = false;
        Until(() => _node.Facts(Id).Health == HealthState.Unhealthy, "unhealthy", 10);
        _node.Prober.IsPassing = true;
        Until(() => IsPassing, "passing again");
        _node.Scheduler.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(1, _node.Container(Id).Starts);
        Assert.Null(_node.Facts(Id).Reason);
    }

    [Fact]
    public void Dockers_own_check_is_believed()
    {
        Assign(new HealthSpec { Kind = HealthKind.Command, Test = ["CMD", "true"] });
        _node.UntilState(Id, AllocationState.Running);
        _node.Engine.SetHealth(_node.Container(Id), ContainerHealth.Healthy);
        Until(() => _node.Facts(Id).Health == HealthState.Healthy && IsPassing, "healthy");
        _node.Engine.SetHealth(_node.Container(Id), ContainerHealth.Unhealthy);
        Until(() => !IsPassing, "critical", 1);
    }

    [Fact]
    public void A_crash_turns_critical_until_it_runs_again()
    {
        Assign(health: null);
        Until(() => IsPassing, "passing");
        _node.Engine.ExitAtStart = _ => 1;
        _node.Engine.Crash(_node.Container(Id), 1);
        Until(() => !IsPassing, "critical", 1);
        _node.Engine.ExitAtStart = _ => null;
        Until(() => IsPassing, "passing again");
    }

    [Fact]
    public void Checks_are_beaten_every_15_seconds_and_all_is_registered_again_after_Consul_lost_it()
    {
        Assign(health: null);
        Until(() => IsPassing, "passing");
        _node.Scheduler.Advance(TimeSpan.FromSeconds(46));
        Assert.InRange(_node.Registry.Beats, 2, 4);
        _node.Registry.Entries.Clear();
        Until(() => IsPassing, "registered again", 16);
    }

    [Fact]
    public void A_Consul_that_is_away_holds_up_no_container_and_learns_all_when_it_returns()
    {
        _node.Registry.IsUp = false;
        Assign(health: null);
        _node.UntilState(Id, AllocationState.Running, withinSeconds: 2);
        _node.Scheduler.Advance(TimeSpan.FromMinutes(1));
        _node.Registry.IsUp = true;
        Until(() => IsPassing, "registered", 2);
    }

    [Fact]
    public void Told_to_stop_while_its_first_registration_is_on_its_way_it_is_drained_like_any_other()
    {
        var arrival = new TaskCompletionSource();
        _node.Registry.OnTheWay = arrival.Task;
        Assign(health: null);
        _node.UntilState(Id, AllocationState.Running);
        _node.Assign(_node.Book.Items[Id] with { Desired = DesiredState.Stop });
        _node.Scheduler.Advance(TimeSpan.FromSeconds(1));
        Assert.True(_node.Facts(Id).IsRunning);
        arrival.SetResult();
        Until(() => !_node.Registry.Entries.ContainsKey(Entry) && _node.Journal.Contains($"deregister {Entry}"), "out again");
        _node.Scheduler.Advance(ServiceSpec.DefaultDrainDelay - TimeSpan.FromMilliseconds(500));
        Assert.True(_node.Facts(Id).IsRunning);
        _node.UntilState(Id, AllocationState.Stopped, withinSeconds: 2);
    }

    [Fact]
    public void Entries_of_others_stay()
    {
        var foreign = new Registration { Id = "postgres", Name = "postgres", Address = "10.0.0.1", Port = 5432, IsPassing = true };
        _node.Registry.Entries["postgres"] = foreign;
        Assign(health: null);
        Until(() => IsPassing, "passing");
        _node.Scheduler.Advance(TimeSpan.FromMinutes(1));
        Assert.Same(foreign, _node.Registry.Entries["postgres"]);
    }

    [Fact]
    public void Entries_that_nothing_backs_are_removed_first()
    {
        using var node = new SimulatedNode();
        node.Registry.Entries["cluster/default/old/1/1"] =
            new Registration { Id = "cluster/default/old/1/1", Name = "old", Address = "10.0.0.1", Port = 1, IsPassing = true };
        node.Start();
        node.Scheduler.Until(() => node.Registry.Entries.Count == 0, TimeSpan.FromSeconds(1), "removed");
    }

    [Fact]
    public void The_rules_for_names_declare_their_table_before_they_replace_it()
    {
        var rules = NameForwarding.Rules(System.Net.IPAddress.Parse("172.30.0.1"), 8600);
        Assert.StartsWith("table ip cluster_manager\ndelete table ip cluster_manager\n", rules, StringComparison.Ordinal);
        Assert.Contains("ip daddr 172.30.0.1 udp dport 53 dnat to 169.254.20.10:8600", rules, StringComparison.Ordinal);
        Assert.Contains("ip daddr 172.30.0.1 tcp dport 53 dnat to 169.254.20.10:8600", rules, StringComparison.Ordinal);
    }

    private bool IsPassing => _node.Registry.Entries.TryGetValue(Entry, out var entry) && entry.IsPassing;

    private void Until(Func<bool> condition, string because, double withinSeconds = 5) =>
        _node.Scheduler.Until(condition, TimeSpan.FromSeconds(withinSeconds), because);

    private void Assign(HealthSpec? health, Colour colour = Colour.Told) => _node.Assign(Make.Assignment(Id, spec: Make.Spec() with
    {
        Health = health,
        Ports = [new PortSpec { Mode = PortMode.Dynamic, Target = 80 }, new PortSpec { Mode = PortMode.Dynamic, Target = 8443 }],
    }) with { Colour = colour });
}
