// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Planning.Releases;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Plans;

/// <summary>
/// Finds out what a change would do by doing it: the mutation is applied to a copy of the state, and the engine's own turns are played
/// over virtual time in an <see cref="IdealWorld"/> until every rollout has its verdict. So a plan can not know better or worse than what
/// will be executed. Pure; the state is immutable and stays as it is. Bounded by <see cref="PlanLimits"/>.
/// </summary>
public sealed class ChangePlanner
{
    private readonly ClusterState origin;
    private readonly ClusterEvent.Mutation mutation;
    private readonly DateTimeOffset begin;
    private readonly EngineTimings timings;
    private readonly IdealWorld world;
    private ClusterState state;
    private DateTimeOffset now;
    private DateTimeOffset? next;
    private List<PlannedService> services = [];
    private MutationResult? answer;
    private long looks;

    private ChangePlanner(
        ClusterState state, ClusterEvent.Mutation mutation, DateTimeOffset now, EngineTimings timings, PlanAssumptions assumptions)
    {
        origin = this.state = state;
        this.mutation = mutation;
        begin = this.now = now;
        this.timings = timings;
        world = new IdealWorld(assumptions);
    }

    /// <summary>Plans one change.</summary>
    /// <param name="state">Any snapshot of a term that has heard its agents.</param>
    /// <param name="mutation">Deploy, apply, scale, remove, roll back, or drain a node. Its request id must be new.</param>
    /// <param name="now">The leader's clock.</param>
    /// <param name="timings">The engine's.</param>
    /// <param name="assumptions">How long containers take.</param>
    public static PlanResult Plan(
        ClusterState state, ClusterEvent.Mutation mutation, DateTimeOffset now, EngineTimings timings, PlanAssumptions assumptions)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(mutation);
        return new ChangePlanner(state, mutation, now, timings, assumptions).Run();
    }

    private PlanResult Run()
    {
        world.Begin(state, now);
        Play([mutation]);
        var isComplete = false;
        for (var turns = 1; turns < PlanLimits.Turns && looks < PlanLimits.Looks; turns++)
        {
            if (answer is MutationResult.Refused refused) return new PlanResult(null, refused);
            isComplete = answer is not null && services.All(service => service.IsDone);
            if (isComplete) break;
            if (Advance()) continue;
            // What could not leave a node by now never will, as things are: that is how a drain's plan ends.
            isComplete = mutation is ClusterEvent.UpdateNode && answer is not null;
            break;
        }

        return new PlanResult(Conclude(isComplete), null);
    }

    /// <returns>False when nothing will happen any more, or only far ahead.</returns>
    private bool Advance()
    {
        var events = world.Happening(state, now);
        if (events.Count == 0 && !(next <= now))
        {
            var due = world.NextDue is { } soon && !(next < soon) ? soon : next;
            if (due is not { } at || at - begin > PlanLimits.Ahead) return false;
            now = at;
            events = world.Happening(state, now);
        }

        Play(events);
        return true;
    }

    private void Play(IReadOnlyList<ClusterEvent> events)
    {
        var before = state;
        var result = ClusterEngine.Step(before, events, now, timings);
        state = result.State;
        next = result.NextDue;
        foreach (var reply in result.Replies.Where(reply => reply.Ticket == mutation.Ticket)) Begin(reply.Result);
        foreach (var service in services) service.Take(before, result, now);
        TakeRelease();
        world.Take(state, result.Changes, now);
        looks += 1 + services.Sum(service => (long)service.Size);
    }

    private void Begin(MutationResult result)
    {
        answer = result;
        if (result is not MutationResult.Accepted accepted) return;
        if (mutation is ClusterEvent.UpdateNode)
        {
            services = Drain.ServicesOf(origin, NodeId.Parse(accepted.Outcomes[0].Text), begin);
            return;
        }

        services = [.. accepted.Outcomes.Where(outcome => outcome.Change != ServiceChangeKind.None)
            .Select(outcome => new PlannedService(outcome, origin.Find(outcome.Name), origin, begin))];
    }

    /// <summary>The release goes back or has failed: what it has applied does not stay, and what it has not never comes.</summary>
    private void TakeRelease()
    {
        if (mutation is not ClusterEvent.DeployStack deploy || services.Count == 0) return;
        if (ReleaseBook.Newest(state, deploy.Stack) is not { } entry) return;
        if (entry.State is ReleaseState.Applying or ReleaseState.Succeeded) return;
        foreach (var service in services) service.GiveUp(entry, now);
    }

    private ChangePlan Conclude(bool isComplete)
    {
        ImmutableArray<ServicePlan> plans = [.. services.Select(service => service.Finish(state, now))];
        var rest = PlanBase.Of(origin, mutation, plans.Select(plan => plan.Name)).On(origin, plans);
        return new ChangePlan
        {
            Id = PlanId.Of(begin, PlanSubject.Of(mutation), rest.Services.Select(service => service.ToString()), Deeds(plans)),
            Base = rest,
            Services = plans,
            Duration = plans.Select(plan => plan.Duration).DefaultIfEmpty().Max(),
            IsComplete = isComplete,
        };
    }

    private static IEnumerable<string> Deeds(ImmutableArray<ServicePlan> plans) =>
        plans.SelectMany(plan => plan.Actions.Select(action => action.Deed).Prepend($"{plan.Name} {plan.Change}"));
}
