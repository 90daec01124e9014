// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Planning;
using ClusterManager.Manager.Planning.Plans;
using ClusterManager.Manager.State;
using ClusterManager.Manager.Tests.Engine;
using ClusterManager.Model;

namespace ClusterManager.Manager.Tests.Planning.Plans;

/// <summary>What plans say of changes that are easy to follow.</summary>
public sealed class ChangePlannerTests
{
    [Fact]
    public void A_new_service_is_placed_at_once_on_all_nodes_and_takes_its_start_and_the_five_seconds()
    {
        var plan = Plan(new ModelCluster().Up(), Specs.Web());
        var service = Assert.Single(plan.Services);
        Assert.Equal(ServiceChangeKind.Created, service.Change);
        Assert.Null(service.Before);
        Assert.Equal(["Place 1 h1", "Place 2 h2", "Place 3 h3"], Deeds(service));
        Assert.All(service.Actions, action => Assert.Equal((1, TimeSpan.Zero), (action.Step, action.At)));
        Assert.Null(service.Order);
        Assert.Equal(TimeSpan.FromSeconds(6), service.Duration);
        Assert.True(plan.IsComplete);
    }

    [Fact]
    public void An_update_with_room_is_start_first_one_after_another_and_says_why()
    {
        var cluster = Running(Specs.Web());
        var service = Assert.Single(Plan(cluster, Specs.Web(image: "registry.test:5000/web:2")).Services);
        Assert.Equal((1, 2), (service.Before!.Number, service.After!.Number));
        Assert.Equal(6, service.Actions.Length);
        Assert.Equal("start-first", service.Order!.Word);
        Assert.Equal((3, 0, 1), (service.Order.StartFirst, service.Order.StopFirst, service.Order.AtOnce));
        Assert.Contains("room", service.Order.Why, StringComparison.Ordinal);
        foreach (var slot in service.Actions.GroupBy(action => action.Slot))
            Assert.Equal([PlannedActionKind.Place, PlannedActionKind.Stop], slot.Select(action => action.Kind));
        Assert.InRange(service.Duration.TotalSeconds, 18, 22);
    }

    [Fact]
    public void A_volume_a_full_port_and_the_policy_are_reasons_to_stop_first()
    {
        Assert.Contains("volume data", OrderOf(Specs.Web(1).WithVolume()).Why, StringComparison.Ordinal);
        Assert.Contains("port 80", OrderOf(Specs.Web(3).WithFixedPort()).Why, StringComparison.Ordinal);
        var policy = OrderOf(Specs.Web() with { Update = new UpdatePolicy { Order = UpdateOrder.StopFirst } });
        Assert.Equal("the update policy says so", policy.Why);
        Assert.Equal("stop-first", policy.Word);

        static PlannedOrder OrderOf(ServiceSpec spec) =>
            Assert.Single(Plan(Running(spec), spec.With("registry.test:5000/web:2")).Services).Order!;
    }

    [Fact]
    public void Only_metadata_changed_no_container_is_touched()
    {
        var cluster = Running(Specs.Web());
        var spec = Specs.Web() with { Labels = Maps.Of([new("team", "blue")]) };
        var service = Assert.Single(Plan(cluster, spec).Services);
        Assert.Equal(ServiceChangeKind.Metadata, service.Change);
        Assert.Empty(service.Actions);
        Assert.Null(service.Impossible);
    }

    [Fact]
    public void What_no_node_can_take_is_impossible_with_the_numbers()
    {
        var service = Assert.Single(Plan(Running(Specs.Web()), Specs.Web().Reserving(64L << 30)).Services);
        Assert.Empty(service.Actions);
        var huge = Assert.Single(Plan(Running(Specs.Web()), Specs.Web(image: "registry.test:5000/web:2").Reserving(64L << 30)).Services);
        Assert.Equal(ReasonCode.NoNodeMatches, huge.Impossible!.Code);
        Assert.Contains("64.0 GB", huge.Impossible.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_health_checks_first_probe_and_the_drain_delay_are_in_the_estimate()
    {
        var cluster = Running(Specs.Web(1));
        var spec = Specs.Web(1, "registry.test:5000/web:2") with
        {
            Health = new HealthSpec { Kind = HealthKind.Command, Test = ["CMD", "true"], Interval = TimeSpan.FromSeconds(30) },
        };
        var service = Assert.Single(Plan(cluster, spec).Services);
        // 1 s start, 30 s until Docker's first probe, 1 s healthy.
        Assert.Equal(TimeSpan.FromSeconds(32), service.Duration);
        Assert.Equal(TimeSpan.FromSeconds(32), service.Actions[^1].At);
    }

    [Fact]
    public void A_canarys_holds_are_waited_for_and_its_gates_taken_for_open()
    {
        GateSpec[] gates =
        [
            new() { Kind = GateKind.Approve, Timeout = TimeSpan.FromMinutes(30) },
            new() { Kind = GateKind.Http, Url = "http://gates.example/web", Timeout = TimeSpan.FromMinutes(5) },
            new() { Kind = GateKind.Prometheus, Url = "http://p.example:9090", Query = "errors", Timeout = TimeSpan.FromMinutes(5) },
        ];
        var policy = new UpdatePolicy
        {
            Strategy = UpdateStrategy.Canary, Hold = TimeSpan.FromMinutes(2), Gates = [.. gates],
            Steps = [new UpdateStep { Amount = 1 }, new UpdateStep { Amount = 50, IsPercent = true }],
        };
        var spec = Specs.Web(4) with { Update = policy };
        var service = Assert.Single(Plan(Running(spec), spec.With("registry.test:5000/web:2")).Services);
        Assert.Null(service.Impossible);
        var placed = service.Actions.Where(action => action.Kind == PlannedActionKind.Place).Select(action => action.At).ToList();
        Assert.Equal(4, placed.Count);
        Assert.InRange(placed[1] - placed[0], TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(3));
        Assert.InRange(placed[2] - placed[1], TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(3));
        Assert.InRange(service.Duration, TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(6));
    }

    [Fact]
    public void A_refused_change_is_refused_as_it_would_be()
    {
        var cluster = Running(Specs.Web());
        var scale = new ClusterEvent.ScaleServices(-1, Origin, [(ServiceName.Parse("wab"), 3)], null);
        var result = Plan(cluster, scale);
        Assert.Null(result.Plan);
        Assert.Equal(RefusalKind.NotFound, result.Refused!.Kind);
        Assert.Contains("web", result.Refused.Candidates);
    }

    [Fact]
    public void A_prune_names_what_goes_and_rests_on_all_services_of_the_stack()
    {
        var cluster = Running(Specs.Web(), Specs.Web(2, name: "old"));
        var deploy = new ClusterEvent.DeployStack(-1, Origin, "default", [SpecHasher.Accept(Specs.Web())], true);
        var plan = Plan(cluster, deploy).Plan!;
        Assert.Equal([("web", ServiceChangeKind.Unchanged), ("old", ServiceChangeKind.Removed)],
            plan.Services.Select(one => (one.Name.Name, one.Change)));
        Assert.Equal(2, plan.Services[1].Actions.Length);
        Assert.True(plan.IsComplete);
        cluster.Apply(Specs.Web(1, name: "third"));
        var refused = PlanCheck.Refuse(plan.Id, Plan(cluster, deploy).Plan!, cluster.State, cluster.Now)!;
        Assert.Contains("third", refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_job_that_others_wait_for_is_taken_to_complete()
    {
        var cluster = Running(Specs.Web());
        var job = Specs.Web(1, name: "job") with { Restart = RestartPolicy.Default with { Condition = RestartCondition.None } };
        var web = Specs.Web(2, "registry.test:5000/web:2") with
        {
            DependsOn = Dependencies.None.Add("job", DependencyCondition.Completed),
        };
        var plan = Plan(cluster, new ClusterEvent.DeployStack(
            -1, Origin, "default", [SpecHasher.Accept(web), SpecHasher.Accept(job)], false)).Plan!;
        Assert.True(plan.IsComplete);
        Assert.All(plan.Services, service => Assert.Null(service.Impossible));
        Assert.True(plan.Services[0].Actions[0].At > plan.Services[1].Actions[0].At);
    }

    [Fact]
    public void Who_fails_takes_its_release_with_it_and_what_waits_is_never_touched()
    {
        var cluster = Running(Specs.Web(), Specs.Web(1, name: "late"));
        var never = Specs.Web(1, name: "never").WithConstraint("node.hostname == nowhere");
        var late = Specs.Web(1, "registry.test:5000/late:2", "late") with
        {
            DependsOn = Dependencies.None.Add("never", DependencyCondition.Started),
        };
        var plan = Plan(cluster, new ClusterEvent.DeployStack(
            -1, Origin, "default", [SpecHasher.Accept(Specs.Web(5)), SpecHasher.Accept(never), SpecHasher.Accept(late)], false)).Plan!;
        Assert.True(plan.IsComplete);
        Assert.Equal([ReasonCode.ReleaseReturned, ReasonCode.NoNodeMatches, ReasonCode.ReleaseReturned],
            plan.Services.Select(service => service.Impossible!.Code));
        Assert.Empty(plan.Services[2].Actions);
    }

    [Fact]
    public void A_change_of_service_file_or_nodes_is_told_by_name()
    {
        var cluster = Running(Specs.Web());
        var plan = Plan(cluster, Specs.Web(image: "registry.test:5000/web:2"));
        var other = Plan(cluster, Specs.Web(image: "registry.test:5000/web:3"));
        Assert.Contains("not the change that was planned", Told(other), StringComparison.Ordinal);
        cluster.Run(TimeSpan.FromSeconds(2));
        cluster.SetAvailability("h2", NodeAvailability.Paused);
        Assert.Contains("node h2 was set to Paused by olga", Told(Plan(cluster, Specs.Web(image: "registry.test:5000/web:2"))),
            StringComparison.Ordinal);
        Assert.Contains("node h2", PlanCheck.Refuse(cluster.State, plan.Base)!.Text, StringComparison.Ordinal);
        cluster.Scale("web", 2);
        Assert.Contains("web is at revision 1 with rollout 2 by olga", Told(Plan(cluster, Specs.Web(image: "registry.test:5000/web:2"))),
            StringComparison.Ordinal);

        string Told(ChangePlan now) => PlanCheck.Refuse(plan.Id, now, cluster.State, cluster.Now)!.Text;
    }

    [Fact]
    public void A_drain_says_what_moves_where_and_in_which_order()
    {
        var cluster = Running(Specs.Web(), Specs.Web(1, name: "idle"));
        var plan = Drain(cluster, "h2");
        var service = Assert.Single(plan.Services);
        Assert.Equal(("web", ServiceChangeKind.Moved), (service.Name.Name, service.Change));
        Assert.Equal([PlannedActionKind.Place, PlannedActionKind.Stop], service.Actions.Select(action => action.Kind));
        Assert.NotEqual("h2", $"h{service.Actions[0].Node.Value}");
        Assert.Equal("h2", $"h{service.Actions[1].Node.Value}");
        Assert.Null(service.Impossible);
        Assert.Equal("start-first", service.Order!.Word);
        Assert.True(plan.IsComplete);
        Assert.InRange(service.Duration.TotalSeconds, 6, 12);
        Assert.Equal(NodeAvailability.Active, cluster.State.Nodes[ModelCluster.Id(2)].Availability);
    }

    [Fact]
    public void What_can_not_leave_a_drained_node_is_impossible_with_the_reason()
    {
        var cluster = Running(Specs.Web(3).WithFixedPort(), Specs.Web(1, name: "data").WithVolume(), Specs.Global("all"));
        var home = cluster.Live("data")[0].Node;
        var plan = Drain(cluster, cluster.State.Nodes[home].Name);
        Assert.True(plan.IsComplete);
        var by = plan.Services.ToDictionary(service => service.Name.Name);
        Assert.Contains("stays on", by["web"].Impossible!.Text, StringComparison.Ordinal);
        Assert.Contains("port 80", by["web"].Impossible!.Text, StringComparison.Ordinal);
        Assert.NotNull(by["data"].Impossible);
        Assert.Equal(PlannedActionKind.Stop, Assert.Single(by["data"].Actions).Kind);
        Assert.Null(by["all"].Impossible);
        Assert.Equal(PlannedActionKind.Stop, Assert.Single(by["all"].Actions).Kind);
    }

    [Fact]
    public void The_drain_of_an_empty_or_unknown_node_moves_nothing_or_is_refused()
    {
        var cluster = Running(Specs.Web(1));
        var empty = cluster.Live("web")[0].Node == ModelCluster.Id(1) ? "h2" : "h1";
        Assert.Empty(Drain(cluster, empty).Services);
        Assert.Equal(RefusalKind.NotFound, Plan(cluster, DrainOf("h9")).Refused!.Kind);
    }

    private static ChangePlan Drain(ModelCluster cluster, string node) => Plan(cluster, DrainOf(node)).Plan!;

    private static ClusterEvent.UpdateNode DrainOf(string node) =>
        new(-1, Origin, node, Maps.Empty, [], NodeAvailability.Drained);

    [Fact]
    public void An_endless_rest_ends_the_plan_and_says_so()
    {
        var spec = Specs.Web(40) with { Update = new UpdatePolicy { Parallelism = 1, Delay = TimeSpan.FromHours(24) } };
        var plan = Plan(Running(spec), spec.With("registry.test:5000/web:2"));
        Assert.False(plan.IsComplete);
        Assert.NotEmpty(plan.Services[0].Actions);
    }

    [Theory]
    [InlineData("")]
    [InlineData("p1")]
    [InlineData("p1-00000000-000000000000-000000000000-00000000000")]
    [InlineData("p1-00000000-00000000000G-000000000000-000000000000")]
    [InlineData("p2-00000000-000000000000-000000000000-000000000000")]
    [InlineData("p1-ffffffffffffffff-000000000000-000000000000-000000000000")]
    public void What_is_no_id_is_not_read(string text) => Assert.False(PlanId.TryParse(text, out _));

    [Fact]
    public void An_id_is_read_as_it_was_written_and_hashes_tell_lists_of_lines_apart()
    {
        var id = PlanId.Of(ModelCluster.Epoch.AddMilliseconds(7), ["a", "b"], ["ab"], []);
        Assert.True(PlanId.TryParse(id.ToString(), out var read));
        Assert.Equal(id, read);
        Assert.NotEqual(id.Subject, id.Base);
    }

    private static MutationOrigin Origin { get; } = new(" plan ", "plan", "plan");

    private static ModelCluster Running(params ServiceSpec[] specs)
    {
        var cluster = new ModelCluster().Up();
        foreach (var spec in specs) cluster.Apply(spec);
        cluster.Run(TimeSpan.FromMinutes(5));
        return cluster;
    }

    private static ChangePlan Plan(ModelCluster cluster, ServiceSpec spec) => Plan(
        cluster, new ClusterEvent.ApplyService(-1, Origin, SpecHasher.Accept(spec), ApplyExpectation.Any, 0, false)).Plan!;

    private static PlanResult Plan(ModelCluster cluster, ClusterEvent.Mutation mutation) =>
        ChangePlanner.Plan(cluster.State, mutation, cluster.Now, EngineTimings.Default, PlanAssumptions.Default);

    private static IEnumerable<string> Deeds(ServicePlan plan) =>
        plan.Actions.Select(action => $"{action.Kind} {action.Slot} h{action.Node.Value}");
}
