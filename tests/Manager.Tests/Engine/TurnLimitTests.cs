// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Planning;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Tests.Engine;

/// <summary>A turn fits one transaction, whatever is asked; the model cluster asserts the number of changes in every turn.</summary>
public sealed class TurnLimitTests
{
    [Fact]
    public void Ten_thousand_replicas_are_placed_and_removed_over_several_turns()
    {
        var cluster = new ModelCluster(60).Up();
        cluster.Apply(Specs.Web(10_000));
        var turns = 0;
        while (cluster.Live("web").Count < 10_000)
        {
            cluster.Run(TimeSpan.Zero);
            Assert.True(++turns < 50);
        }

        Assert.All(cluster.State.LiveByNode.Values, live => Assert.InRange(live.Count, 166, 167));
        cluster.Run(TimeSpan.FromSeconds(7));
        Assert.Equal(RolloutState.Succeeded, cluster.Service("web").Rollout.State);
        cluster.Remove("web");
        cluster.Run(TimeSpan.FromSeconds(2));
        Assert.Empty(cluster.State.Services);
        Assert.Empty(cluster.State.Allocations);
        Assert.Empty(cluster.State.LiveByNode);
        Assert.Empty(cluster.State.Observations);
    }

    [Fact]
    public void A_turns_bytes_stay_below_the_limit()
    {
        var cluster = new ModelCluster(60).Up();
        cluster.Apply(Specs.Web(10_000));
        for (var turn = 0; turn < 30; turn++)
        {
            var result = cluster.Turn();
            var chunks = result.Changes.OfType<StateChange.PutAllocations>()
                .Sum(put => ClusterStateBuilder.ChunkOf(result.State, put.Service, put.Chunk).Allocations.Sum(record =>
                    84 + (record.Reason?.Text.Length ?? 0)));
            Assert.True(chunks <= StateChange.MaxBytesPerTurn, $"{chunks} bytes");
        }
    }

    [Fact]
    public void A_stack_of_a_hundred_services_is_applied_from_its_release()
    {
        var cluster = new ModelCluster().Up();
        var specs = Enumerable.Range(0, 100).Select(i => SpecHasher.Accept(Specs.Web(2, name: $"shop/s{i:d3}"))).ToImmutableArray();
        var reply = Assert.IsType<MutationResult.Accepted>(cluster.Ask((n, origin) =>
            new ClusterEvent.DeployStack(n, origin, "shop", specs, true)));
        Assert.Equal(100, reply.Outcomes.Length);
        cluster.Run(TimeSpan.FromSeconds(20));
        Assert.All(cluster.State.Services.Values, service => Assert.Equal(RolloutState.Succeeded, service.Rollout.State));
        Assert.Equal(200, cluster.State.LiveByNode.Values.Sum(live => live.Count));
        foreach (var outcome in reply.Outcomes)
        {
            var service = cluster.State.Find(outcome.Name)!;
            Assert.Equal(outcome.Revision, service.Revision);
            Assert.Equal(outcome.Rollout, service.Rollout.Number);
        }
    }

    [Fact]
    public void A_stack_of_200_KB_fits_though_its_release_and_its_revision_do_not_fit_together()
    {
        var cluster = new ModelCluster().Up();
        var big = Specs.Web(1, name: "shop/big") with { Labels = Maps.Of([new("blob", new string('x', 200_000))]) };
        var impossible = Specs.Web(1, name: "shop/never").WithConstraint("node.hostname == nowhere");
        ImmutableArray<AcceptedSpec> specs = [SpecHasher.Accept(big), SpecHasher.Accept(impossible),
            SpecHasher.Accept(Specs.Web(1, name: "shop/web"))];
        Assert.IsType<MutationResult.Accepted>(cluster.Ask((n, origin) => new ClusterEvent.DeployStack(n, origin, "shop", specs, true)));
        cluster.Run(TimeSpan.FromSeconds(10));
        Assert.Empty(cluster.State.Releases["shop"].Pending);
        Assert.All(cluster.State.Services.Values, service => Assert.Equal(1, service.Revision));
        Assert.Equal(2, cluster.State.Services.Values.Count(service => service.Rollout.State == RolloutState.Succeeded));
    }

    [Fact]
    public void Large_specs_share_a_turn_only_as_far_as_they_fit()
    {
        var cluster = new ModelCluster().Up();
        var tickets = new List<long>();
        for (var i = 0; i < 10; i++)
        {
            var spec = Specs.Web(1, name: $"s{i}");
            spec = spec with { Container = spec.Container with { Environment = Maps.Of([new("BLOB", new string('x', 200_000))]) } };
            cluster.Send(new ClusterEvent.ApplyService(900 + i, new MutationOrigin($"big{i}", "olga", "m"), SpecHasher.Accept(spec),
                ApplyExpectation.Any, 0, false));
        }

        cluster.Run(TimeSpan.FromSeconds(20));
        Assert.Equal(10, cluster.Replies.Count(reply => reply is { Ticket: >= 900, Result: MutationResult.Accepted }));
        Assert.Equal(10, cluster.State.Services.Values.Count(service => service.Rollout.State == RolloutState.Succeeded));
    }

    [Fact]
    public void A_spec_over_256_KB_is_refused()
    {
        var cluster = new ModelCluster().Up();
        var spec = Specs.Web() with { Labels = Maps.Of([new("blob", new string('x', EngineLimits.SpecBytes))]) };
        Assert.Equal(RefusalKind.Invalid, Assert.IsType<MutationResult.Refused>(cluster.Apply(spec)).Kind);
    }

    [Fact]
    public void A_thousand_mutations_at_once_are_each_answered_once()
    {
        var cluster = new ModelCluster().Up();
        for (var i = 0; i < 500; i++)
            cluster.Send(new ClusterEvent.ApplyService(1000 + i, new MutationOrigin($"m{i}", "olga", "m"), SpecHasher.Accept(Specs.Web(0,
                name: $"s{i % 50}") with { Labels = Maps.Of([new("i", $"{i}")]) }), ApplyExpectation.Any, 0, false));
        cluster.Run(TimeSpan.FromSeconds(5));
        Assert.Equal(500, cluster.Replies.Where(reply => reply.Ticket >= 1000).Select(reply => reply.Ticket).Distinct().Count());
        Assert.Equal(500, cluster.Replies.Count(reply => reply.Ticket >= 1000));
        Assert.InRange(cluster.State.Requests.Count, 250, RequestRecord.Kept);
    }
}
