// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Planning.Plans;
using ClusterManager.Manager.State;
using ClusterManager.Manager.Tests.Engine;
using ClusterManager.Model;
using FsCheck;
using FsCheck.Fluent;

namespace ClusterManager.Manager.Tests.Planning.Plans;

/// <summary>
/// Plans beside what is then really done: random changes of random small clusters, whose agents take as long as the plan assumes. FsCheck
/// prints the numbers of a failing one: give them a named test in <see cref="ChangePlannerTests"/>.
/// </summary>
public sealed class PlanProperties
{
    // Enough numbers for every draw: what is left out would always be the first choice.
    private static Arbitrary<int[]> Choices => Gen.ArrayOf(Gen.Choose(0, 5039), 150).ToArbitrary();

    /// <summary>PLAN_FACTOR in the environment multiplies the changes, for a night's run.</summary>
    private static Config Runs(int count) => Config.QuickThrowOnFailure.WithMaxTest(
        count * (int.TryParse(Environment.GetEnvironmentVariable("PLAN_FACTOR"), out var factor) ? factor : 1));

    [Fact]
    public void What_is_executed_is_what_was_planned_in_the_same_order_at_the_same_time() =>
        Check.One(Runs(300), Prop.ForAll(Choices, choices => Compare(new RandomChange(choices))));

    [Fact]
    public void A_plan_changes_nothing() => Check.One(Runs(50), Prop.ForAll(Choices, choices =>
    {
        var change = new RandomChange(choices);
        var (state, changes) = (change.Cluster.State, change.Cluster.Changes.Count);
        var first = change.Plan().Plan?.Id;
        Assert.Same(state, change.Cluster.State);
        Assert.Equal(first, change.Plan().Plan?.Id);
        change.Cluster.Run(TimeSpan.FromMinutes(10));
        Assert.Equal(changes, change.Cluster.Changes.Count);
    }));

    [Fact]
    public void Applying_what_is_there_already_does_nothing() => Check.One(Runs(100), Prop.ForAll(Choices, choices =>
    {
        var change = new RandomChange(choices);
        foreach (var service in change.Cluster.State.Services.Values.Where(one => one.Rollout.State == RolloutState.Succeeded))
        {
            var spec = change.Cluster.State.Revisions[service.Id][service.Revision].Spec;
            var same = spec with { Replicas = spec.Mode == ServiceMode.Global ? null : service.Replicas };
            var plan = PlanOf(change.Cluster, same);
            Assert.Equal(ServiceChangeKind.Unchanged, plan.Change);
            Assert.Empty(plan.Actions);
        }
    }));

    [Fact]
    public void A_plan_is_taken_while_nothing_moves_and_refused_when_another_client_was_faster() =>
        Check.One(Runs(150), Prop.ForAll(Choices, choices =>
        {
            var change = new RandomChange(choices);
            var (cluster, result) = (change.Cluster, change.Plan());
            if (result.Plan is not { } plan) return;
            cluster.Run(TimeSpan.FromSeconds(90));
            Assert.Null(PlanCheck.Refuse(plan.Id, change.Plan().Plan!, cluster.State, cluster.Now));
            Assert.Null(PlanCheck.Refuse(cluster.State, plan.Base));
            if (plan.Services.IsEmpty) return;
            var touched = plan.Services[change.Next(plan.Services.Length)].Name;
            if (!Disturb(cluster, touched)) return;
            var now = change.Plan();
            var refused = now.Plan is null ? now.Refused! : PlanCheck.Refuse(plan.Id, now.Plan, cluster.State, cluster.Now);
            Assert.NotNull(refused);
            var inTurn = cluster.Ask((ticket, origin) => change.Change(ticket, origin) with { Base = plan.Base });
            var told = Assert.IsType<MutationResult.Refused>(inTurn);
            Assert.Equal(RefusalKind.Conflict, told.Kind);
            Assert.Contains(touched.Display, told.Text, StringComparison.Ordinal);
        }));

    /// <summary>The properties say something only if all kinds of plans are among the changes.</summary>
    [Fact]
    public void The_random_changes_are_of_all_kinds()
    {
        var results = Enumerable.Range(0, 500).Select(seed => new RandomChange(Numbers(seed)).Plan()).ToList();
        var services = results.Where(one => one.Plan is not null).SelectMany(one => one.Plan!.Services).ToList();
        var counts = Enum.GetValues<ServiceChangeKind>().Where(kind => kind != ServiceChangeKind.None)
            .Select(kind => (Kind: kind.ToString(), Count: services.Count(one => one.Change == kind))).ToList();
        counts.Add(("refused", results.Count(one => one.Refused is not null)));
        counts.Add(("impossible", services.Count(one => one.Impossible is not null)));
        counts.Add(("start-first", services.Count(one => one.Order?.Word == "start-first")));
        counts.Add(("stop-first", services.Count(one => one.Order?.Word == "stop-first")));
        counts.Add(("with hooks", services.Count(one => one.Actions.Any(action => HookSlot.IsHook(action.Slot)))));
        counts.Add(("many steps", services.Count(one => one.Actions.Select(action => action.Step).Distinct().Count() > 3)));
        Assert.True(counts.All(one => one.Count >= 5), string.Join(", ", counts));
    }

    private static IEnumerable<int> Numbers(int seed)
    {
        var random = new System.Random(seed);
        return Enumerable.Range(0, 150).Select(_ => random.Next(5040));
    }

    /// <summary>Another client makes, changes or removes the service.</summary>
    private static bool Disturb(ModelCluster cluster, ServiceName name)
    {
        if (cluster.State.Find(name) is { IsRemoving: true }) return false;
        var result = cluster.State.Find(name) is { } service && cluster.State.Revisions[service.Id][service.Revision].Spec is var spec
            ? cluster.Apply(spec with { DrainDelay = spec.DrainDelay + TimeSpan.FromSeconds(1) })
            : cluster.Apply(Specs.Web(1, name: name.Display));
        return result is MutationResult.Accepted;
    }

    private static void Compare(RandomChange change)
    {
        var (cluster, begin) = (change.Cluster, change.Cluster.Now);
        var result = change.Plan();
        cluster.Told.Clear();
        var answer = cluster.Ask(change.Change);
        if (result.Plan is not { } plan)
        {
            Assert.Equal(result.Refused, answer);
            return;
        }

        var ids = plan.Services.ToDictionary(service => service.Name, service => cluster.State.Find(service.Name)?.Id);
        var outcomes = Assert.IsType<MutationResult.Accepted>(answer).Outcomes;
        // A drain is answered with its node: which services move is seen from their replicas.
        if (change.Drained is null)
            Assert.Equal(outcomes.Select(one => (one.Name, one.Change)), plan.Services.Select(one => (one.Name, one.Change)));
        cluster.Run(RandomChange.LongEnough);
        Assert.True(plan.IsComplete, "the plan has no end");
        foreach (var service in plan.Services)
            CompareOne(cluster, service, ids[service.Name] ?? cluster.State.Find(service.Name)?.Id
                ?? MemberOf(cluster, service.Name)?.Service, begin);
        if (change.Drained is { } node) CompareDrain(cluster, node, plan);
    }

    /// <summary>What a drain leaves on its node is what its plan calls impossible, and no other service moves.</summary>
    private static void CompareDrain(ModelCluster cluster, NodeId node, ChangePlan plan)
    {
        var moved = cluster.Told.Select(told => cluster.State.Services[told.Service].Name).ToHashSet();
        Assert.Subset(plan.Services.Select(service => service.Name).ToHashSet(), moved);
        var left = cluster.State.LiveByNode.GetValueOrDefault(node, []).Select(id => cluster.State.Find(id)!)
            .Where(record => !cluster.State.IsKept(record)).Select(record => cluster.State.Services[record.Id.Service].Name).ToHashSet();
        Assert.Subset(plan.Services.Where(service => service.Impossible is not null).Select(service => service.Name).ToHashSet(), left);
    }

    private static void CompareOne(ModelCluster cluster, ServicePlan plan, ServiceId? id, DateTimeOffset begin)
    {
        var executed = cluster.Told.Where(told => told.Service == id).Select(told => (told.At - begin, told.Deed)).Order().ToList();
        var planned = plan.Actions.Select(action => (action.At, action.Deed)).Order().ToList();
        if (plan.Impossible is null || plan.Change == ServiceChangeKind.Moved)
        {
            Assert.Equal(planned, executed);
            if (plan.Change == ServiceChangeKind.Moved) return;
            if (cluster.State.Find(plan.Name) is not { } service) return;
            Assert.True(service.Rollout.State == RolloutState.Succeeded || plan.Change == ServiceChangeKind.Unchanged,
                $"{plan.Name}: {service.Rollout}");
            if (plan.Change != ServiceChangeKind.Unchanged) Assert.Equal(service.Rollout.EndedAt - begin, plan.Duration);
            return;
        }

        // What follows a failure belongs to the way back, which begins at the same moment.
        // A release takes back what has succeeded too, and removes what it made.
        var isThere = cluster.State.Find(plan.Name) is { Rollout.State: RolloutState.Succeeded } now && now.Revision == plan.After?.Number;
        Assert.False(isThere && !IsStuck(cluster, plan.Name), $"{plan.Name} is at revision {plan.After?.Number} all the same");
        Assert.Equal(planned.Where(one => one.At < plan.Duration), executed.Where(one => one.Item1 < plan.Duration));
        Assert.Subset(executed.ToHashSet(), planned.ToHashSet());
    }

    /// <summary>Nothing of it has served before: its release can not take it back.</summary>
    private static bool IsStuck(ModelCluster cluster, ServiceName name) =>
        MemberOf(cluster, name)?.State == ReleaseMemberState.Stuck;

    /// <summary>What its release knows of it, also when it has been made and removed again meanwhile.</summary>
    private static ReleaseMember? MemberOf(ModelCluster cluster, ServiceName name) =>
        cluster.State.History.GetValueOrDefault(name.Stack)?.Values.Last().Members.GetValueOrDefault(name.Name);

    private static ServicePlan PlanOf(ModelCluster cluster, ServiceSpec spec)
    {
        var apply = new ClusterEvent.ApplyService(
            -1, new MutationOrigin(" plan ", "plan", "plan"), SpecHasher.Accept(spec), ApplyExpectation.Any, 0, false);
        var result = ChangePlanner.Plan(
            cluster.State, apply, cluster.Now, Manager.Planning.EngineTimings.Default, PlanAssumptions.Default);
        return Assert.Single(result.Plan!.Services);
    }
}
