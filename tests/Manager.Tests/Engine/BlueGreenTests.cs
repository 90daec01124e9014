// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Tests.Engine;

/// <summary>A new colour comes whole beside the old one; the name is switched once, at no moment to nobody, and back as fast.</summary>
public sealed class BlueGreenTests
{
    private const string Web2 = "registry.test:5000/web:2";
    private const string Web3 = "registry.test:5000/web:3";
    private static readonly TimeSpan Blink = TimeSpan.FromMilliseconds(50);
    private static readonly GateSpec Approval = new() { Kind = GateKind.Approve, Timeout = TimeSpan.FromMinutes(30) };

    [Fact]
    public void The_new_colour_is_whole_before_the_name_leads_to_it_and_the_old_one_is_kept_and_then_goes()
    {
        var cluster = Deployed(Web(4));
        Change(cluster, Web(4, Web2));
        var answers = Watch(cluster, TimeSpan.FromSeconds(20), atLeast: 4);
        Assert.Equal(["1", "2"], answers);
        var names = cluster.Changes.OfType<StateChange.PutService>().Select(put => string.Join(' ', put.Service.Untold)).ToList();
        Assert.Equal(["", "2", "", "1"], names.Where((name, at) => at == 0 || name != names[at - 1]));
        var rollout = cluster.Service("web").Rollout;
        Assert.Equal((RolloutState.Succeeded, true), (rollout.State, rollout.HasColours));
        Assert.Equal((4, 4), (Of(cluster, 1), Of(cluster, 2)));
        Assert.DoesNotContain(cluster.Told, one => one.Deed.StartsWith("Stop", StringComparison.Ordinal));
        Watch(cluster, TimeSpan.FromMinutes(14), atLeast: 4);
        Assert.Equal(4, Of(cluster, 1));
        Watch(cluster, TimeSpan.FromMinutes(1), atLeast: 4);
        Assert.Equal((0, 4), (Of(cluster, 1), Of(cluster, 2)));
        Assert.Empty(cluster.Service("web").Untold);
    }

    [Fact]
    public void While_the_old_colour_is_kept_a_rollback_starts_no_container_and_its_verdict_is_there_within_3_s_and_so_is_the_next()
    {
        var cluster = Switched(Web(4), Web(4, Web2));
        foreach (var wanted in new[] { 1, 2, 1 })
        {
            cluster.Told.Clear();
            cluster.RollBack("web");
            Watch(cluster, TimeSpan.FromSeconds(3), atLeast: 4);
            Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
            Assert.Equal([wanted], Answering(cluster));
            Assert.Empty(cluster.Told);
        }

        Assert.Equal((4, 4), (Of(cluster, 1), Of(cluster, 2)));
        cluster.Run(TimeSpan.FromMinutes(20));
        Assert.Equal((4, 0), (Of(cluster, 1), Of(cluster, 2)));
    }

    [Fact]
    public void A_new_colour_that_fails_is_taken_away_and_the_old_one_was_never_touched()
    {
        var cluster = Deployed(Web(3));
        cluster.Images[Web2] = ImageBehaviour.Unhealthy;
        Change(cluster, Web(3, Web2));
        Assert.Equal(["1"], Watch(cluster, TimeSpan.FromSeconds(30), atLeast: 3));
        Assert.Equal(RolloutState.RolledBack, cluster.Service("web").Rollout.State);
        Assert.Equal((3, 0), (Of(cluster, 1), Of(cluster, 2)));
        Assert.DoesNotContain(cluster.Told, one => one.Deed.EndsWith("r1", StringComparison.Ordinal));
    }

    [Fact]
    public void A_failure_within_the_monitor_after_the_switch_switches_back()
    {
        var cluster = Deployed(Web(3));
        Change(cluster, Web(3, Web2, policy: Policy() with { Monitor = TimeSpan.FromMinutes(1) }));
        cluster.Run(TimeSpan.FromSeconds(80));
        Assert.Equal([2], Answering(cluster));
        Assert.Equal(RolloutState.Running, cluster.Service("web").Rollout.State);
        Fail(cluster, 2);
        Watch(cluster, TimeSpan.FromSeconds(3), atLeast: 2);
        Assert.Equal([1], Answering(cluster));
        cluster.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(RolloutState.RolledBack, cluster.Service("web").Rollout.State);
        Assert.Equal((3, 0), (Of(cluster, 1), Of(cluster, 2)));
        Assert.DoesNotContain(cluster.Told, one => one.Deed.EndsWith("r1", StringComparison.Ordinal));
    }

    [Fact]
    public void A_person_lets_it_switch_and_who_does_not_in_time_has_it_taken_away()
    {
        var cluster = Deployed(Web(3));
        Change(cluster, Web(3, Web2, policy: Policy() with { Gates = [Approval] }));
        cluster.Run(TimeSpan.FromMinutes(20));
        Assert.Equal([1], Answering(cluster));
        cluster.Control("web", RolloutOrder.Approve);
        cluster.Run(TimeSpan.FromSeconds(3));
        Assert.Equal((RolloutState.Succeeded, 2), (cluster.Service("web").Rollout.State, Assert.Single(Answering(cluster))));
        Change(cluster, Web(3, Web3, policy: Policy() with { Gates = [Approval] }));
        cluster.Run(TimeSpan.FromMinutes(32));
        var rollout = cluster.Service("web").Rollout;
        Assert.Equal((RolloutState.RolledBack, "nobody approved the switch within 30 min"), (rollout.State, rollout.Reason!.Text));
        Assert.Equal([2], Answering(cluster));
        Change(cluster, Web(3, Web3, policy: Policy() with { Hold = TimeSpan.FromHours(1), Gates = [Approval] }));
        cluster.Run(TimeSpan.FromMinutes(1));
        cluster.Control("web", RolloutOrder.Promote);
        cluster.Run(TimeSpan.FromSeconds(3));
        Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
    }

    [Fact]
    public void Paused_it_does_not_switch_and_aborted_it_goes_back()
    {
        var cluster = Deployed(Web(3));
        Change(cluster, Web(3, Web2, policy: Policy() with { Hold = TimeSpan.FromSeconds(30) }));
        cluster.Run(TimeSpan.FromSeconds(10));
        cluster.Control("web", RolloutOrder.Pause);
        cluster.Run(TimeSpan.FromHours(1));
        Assert.Equal([1], Answering(cluster));
        cluster.Control("web", RolloutOrder.Resume);
        cluster.Run(TimeSpan.FromSeconds(40));
        Assert.Equal([2], Answering(cluster));
        Change(cluster, Web(3, Web3, policy: Policy() with { Hold = TimeSpan.FromSeconds(30) }));
        cluster.Run(TimeSpan.FromSeconds(10));
        cluster.Control("web", RolloutOrder.Abort);
        Watch(cluster, TimeSpan.FromSeconds(5), atLeast: 3);
        Assert.Equal((RolloutState.Aborted, 3, 0), (cluster.Service("web").Rollout.State, Of(cluster, 2), Of(cluster, 3)));
    }

    [Fact]
    public void A_new_leader_at_any_moment_goes_on_where_it_stands()
    {
        for (var step = 0; step < 60; step++)
        {
            var cluster = Deployed(Web(4));
            Change(cluster, Web(4, Web2));
            for (var i = 0; i < 100; i++)
            {
                if (i == step) cluster.ChangeLeader();
                Watch(cluster, TimeSpan.FromMilliseconds(200), atLeast: 4);
            }

            Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
            Assert.Equal([2], Answering(cluster));
            Assert.Equal((4, 4), (Of(cluster, 1), Of(cluster, 2)));
        }
    }

    [Fact]
    public void A_scale_before_the_switch_scales_both_and_one_after_the_verdict_ends_the_keeping()
    {
        var cluster = Deployed(Web(3), 4);
        Change(cluster, Web(3, Web2, policy: Policy() with { Gates = [Approval] }));
        cluster.Run(TimeSpan.FromSeconds(20));
        cluster.Scale("web", 5);
        Assert.Equal(["1"], Watch(cluster, TimeSpan.FromSeconds(20), atLeast: 3));
        Assert.Equal((5, 5), (Of(cluster, 1), Of(cluster, 2)));
        cluster.Control("web", RolloutOrder.Approve);
        Watch(cluster, TimeSpan.FromSeconds(5), atLeast: 5);
        Assert.Equal((RolloutState.Succeeded, 2), (cluster.Service("web").Rollout.State, Assert.Single(Answering(cluster))));
        cluster.Scale("web", 4);
        Watch(cluster, TimeSpan.FromSeconds(20), atLeast: 4);
        Assert.Equal((0, 4), (Of(cluster, 1), Of(cluster, 2)));
    }

    [Fact]
    public void What_must_move_moves_as_the_colour_that_it_is()
    {
        var cluster = Deployed(Web(4), 5);
        Change(cluster, Web(4, Web2, policy: Policy() with { Gates = [Approval] }));
        cluster.Run(TimeSpan.FromSeconds(20));
        cluster.SetAvailability("h1", NodeAvailability.Drained);
        Assert.Equal(["1"], Watch(cluster, TimeSpan.FromMinutes(1), atLeast: 4));
        cluster.Kill(2);
        cluster.Run(TimeSpan.FromMinutes(1));
        Assert.Equal((4, 4), (Of(cluster, 1), Of(cluster, 2)));
        Assert.Equal([1], Answering(cluster));
        cluster.Control("web", RolloutOrder.Approve);
        Watch(cluster, TimeSpan.FromSeconds(5), atLeast: 4);
        Assert.Equal([2], Answering(cluster));
        cluster.SetAvailability("h1", NodeAvailability.Active);
        cluster.SetAvailability("h3", NodeAvailability.Drained);
        Watch(cluster, TimeSpan.FromMinutes(1), atLeast: 4);
        Assert.Equal((4, 4), (Of(cluster, 1), Of(cluster, 2)));
        Assert.DoesNotContain(cluster.Live("web"), record => record.IsWanted && record.Node == ModelCluster.Id(3));
        Assert.Equal([2], Answering(cluster));
    }

    [Fact]
    public void Without_room_for_both_it_says_so_and_goes_back()
    {
        var cluster = Deployed(Web(3).Reserving(5L << 30));
        var spec = Web(3, Web2).Reserving(5L << 30) with { ProgressDeadline = TimeSpan.FromSeconds(30) };
        Change(cluster, spec);
        Assert.Equal(["1"], Watch(cluster, TimeSpan.FromMinutes(1), atLeast: 3));
        var rollout = cluster.Service("web").Rollout;
        Assert.Equal(RolloutState.RolledBack, rollout.State);
        Assert.Contains("no node can take it now", rollout.Reason!.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "1")]
    [InlineData(30, "2")]
    public void A_newer_release_takes_away_what_no_name_leads_to(int second, string before)
    {
        var cluster = Deployed(Web(3));
        Change(cluster, Web(3, Web2));
        cluster.Run(TimeSpan.FromSeconds(second));
        Change(cluster, Web(3, Web3));
        Assert.Equal([before, "3"], Watch(cluster, TimeSpan.FromSeconds(40), atLeast: 3));
        Assert.Equal([3], Answering(cluster));
        Assert.Equal(3, Of(cluster, 3));
        Assert.Equal(3, cluster.Live("web").Count(record => record.IsWanted && record.Revision != 3));
    }

    [Fact]
    public void A_rolling_release_after_a_new_colour_rolls_what_the_name_leads_to()
    {
        var cluster = Deployed(Web(3));
        Change(cluster, Web(3, Web2, policy: Policy() with { Gates = [Approval] }));
        cluster.Run(TimeSpan.FromSeconds(20));
        Change(cluster, Web(3, Web3, policy: UpdatePolicy.Default));
        Assert.DoesNotContain("2", string.Join(' ', Watch(cluster, TimeSpan.FromMinutes(1), atLeast: 3)), StringComparison.Ordinal);
        Assert.Equal((0, 0, 3), (Of(cluster, 1), Of(cluster, 2), Of(cluster, 3)));
        Assert.Empty(cluster.Service("web").Untold);
    }

    [Fact]
    public void An_agent_that_does_not_know_colours_gets_none_and_keeps_none()
    {
        var cluster = new ModelCluster();
        cluster.Pulls.OldAgents.Add(ModelCluster.Id(3));
        cluster.Up();
        cluster.Apply(Web(3));
        cluster.Run(TimeSpan.FromSeconds(10));
        Change(cluster, Web(3, Web2));
        Watch(cluster, TimeSpan.FromSeconds(20), atLeast: 3);
        Assert.Equal([2], Answering(cluster));
        Assert.DoesNotContain(cluster.Live("web"), record => record.IsWanted && record.Node == ModelCluster.Id(3));
        Assert.Equal((3, 3), (Of(cluster, 1), Of(cluster, 2)));
    }

    [Fact]
    public void The_name_of_a_new_colour_belongs_to_its_service()
    {
        var cluster = Deployed(Web(1));
        Assert.Equal(RefusalKind.Conflict,
            Assert.IsType<MutationResult.Refused>(cluster.Apply(Specs.Web(1, name: "green-web"))).Kind);
        cluster.Apply(Specs.Web(1, name: "green-api"));
        var api = Web(1) with { Name = ServiceName.Parse("api") };
        Assert.Contains("green-api", Assert.IsType<MutationResult.Refused>(cluster.Apply(api)).Text, StringComparison.Ordinal);
    }

    /// <summary>Runs in blinks; at each the name leads to so many serving replicas
    /// at least. Returns to which revisions it ever led.</summary>
    private static SortedSet<string> Watch(ModelCluster cluster, TimeSpan span, int atLeast)
    {
        var seen = new SortedSet<string>(StringComparer.Ordinal);
        for (var end = cluster.Now + span; cluster.Now < end; cluster.Run(Blink))
        {
            seen.Add(string.Join(' ', Answering(cluster)));
            Assert.True(Serving(cluster).Count >= atLeast, $"the name leads to {Serving(cluster).Count} at {cluster.Now:mm:ss.fff}");
        }

        return seen;
    }

    private static List<AllocationRecord> Serving(ModelCluster cluster) =>
        [.. cluster.Agents.Values.Where(agent => agent.IsPowered).SelectMany(agent => agent.Report).Where(one => one.Observation.Registered)
            .Select(one => cluster.State.Find(one.Id)).OfType<AllocationRecord>()];

    private static SortedSet<int> Answering(ModelCluster cluster) => [.. Serving(cluster).Select(record => record.Revision)];

    private static void Fail(ModelCluster cluster, int revision)
    {
        var sick = cluster.Live("web").First(record => record.Revision == revision);
        var seen = new AllocationObservation { State = AllocationState.Running, Health = HealthState.Unhealthy, ChangedAt = cluster.Now };
        var session = cluster.Agents[sick.Node].Session;
        cluster.Send(new ClusterEvent.AgentReported(sick.Node, session, true, null, [new AllocationReport(sick.Id, seen)]));
        cluster.Run(TimeSpan.Zero);
    }

    private static int Of(ModelCluster cluster, int revision) =>
        cluster.Live("web").Count(record => record.IsWanted && record.Revision == revision);

    private static UpdatePolicy Policy() => new() { Strategy = UpdateStrategy.BlueGreen };

    private static ServiceSpec Web(int replicas, string image = "registry.test:5000/web:1", UpdatePolicy? policy = null) =>
        Specs.Web(replicas, image) with
        {
            Ports = [new PortSpec { Mode = PortMode.Dynamic, Target = 80 }], Update = policy ?? Policy(),
        };

    private static void Change(ModelCluster cluster, ServiceSpec spec)
    {
        cluster.Told.Clear();
        Assert.IsType<MutationResult.Accepted>(cluster.Apply(spec));
    }

    private static ModelCluster Switched(ServiceSpec one, ServiceSpec two)
    {
        var cluster = Deployed(one);
        Change(cluster, two);
        cluster.Run(TimeSpan.FromSeconds(20));
        Assert.Equal([2], Answering(cluster));
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
