// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Planning.Scheduling;
using ClusterManager.Manager.State;
using ClusterManager.Manager.Tests.Engine;
using ClusterManager.Manager.Tests.Support;
using ClusterManager.Model;

namespace ClusterManager.Manager.Tests.Planning;

/// <summary>The index of nodes saves looking at all of them; what is chosen is what looking at all of them would choose.</summary>
public sealed class SchedulerOrderTests
{
    private const long Gigabyte = 1L << 30;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void The_chosen_node_is_the_best_of_all_that_fit(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 60; round++)
        {
            var state = RandomState(random);
            var table = NodeTable.Of(state);
            var schedulers = Enumerable.Range(0, 2).Select(_ => RandomScheduler(random, state, table)).ToList();
            for (var placed = 0; placed < 120; placed++)
            {
                var scheduler = schedulers[random.Next(schedulers.Count)];
                var best = scheduler.Verdicts().FirstOrDefault(verdict => verdict.Rank == 0)?.Node;
                Assert.Equal(best, scheduler.Best());
                Assert.Equal(best is null, scheduler.IsFull);
                if (best is { } node) scheduler.Take(node, $"s.{placed}");
            }
        }
    }

    [Theory]
    [InlineData(7, 7)]
    [InlineData(7, 30)]
    [InlineData(30, 7)]
    [InlineData(16, 160)]
    public void Equal_nodes_get_equal_numbers_of_replicas(int nodes, int replicas)
    {
        var cluster = new ModelCluster(nodes).Up();
        cluster.Apply(Specs.Web(replicas));
        cluster.Apply(Specs.Web(replicas, name: "second"));
        cluster.Run(TimeSpan.FromSeconds(2));
        foreach (var service in new[] { "web", "second" })
        {
            var counts = cluster.State.Nodes.Keys.Select(node => cluster.Live(service).Count(record => record.Node == node)).ToList();
            Assert.Equal(replicas, counts.Sum());
            Assert.InRange(counts.Max() - counts.Min(), 0, 1);
        }

        var all = cluster.State.Nodes.Keys.Select(node => cluster.State.LiveByNode.GetValueOrDefault(node, []).Count).ToList();
        Assert.InRange(all.Max() - all.Min(), 0, 1);
    }

    [Fact]
    public void A_place_is_found_on_the_last_node_that_fits_however_full_it_is()
    {
        var cluster = new ModelCluster(40, (i, node) => node with
        {
            Labels = Maps.Of([new("disk", i == 23 ? "ssd" : "hdd")]),
        }).Up();
        cluster.Apply(Specs.Web(5, name: "load").WithConstraint("node.labels.disk == ssd").Reserving(Gigabyte));
        cluster.Apply(Specs.Web(1, name: "late").WithConstraint("node.labels.disk == ssd").Reserving(2 * Gigabyte));
        cluster.Run(TimeSpan.FromSeconds(2));
        Assert.Equal(ModelCluster.Id(23), Assert.Single(cluster.Live("late")).Node);
    }

    private static ClusterState RandomState(Random random)
    {
        var nodes = random.Next(1, 12);
        var state = States.Empty(nodes);
        var records = state.Nodes.Values.Select(node => node with
        {
            Availability = random.Next(8) == 0 ? NodeAvailability.Drained : NodeAvailability.Active,
            Labels = Maps.Of([new("disk", random.Next(3) == 0 ? "ssd" : "hdd")]),
            Facts = random.Next(10) == 0 ? null : node.Facts! with { MemoryBytes = random.Next(1, 9) * Gigabyte },
        });
        state = state with
        {
            Nodes = records.ToImmutableSortedDictionary(node => node.Id, node => node),
            NodeObservations = state.Nodes.Keys.ToImmutableSortedDictionary(node => node, _ => new NodeObservation
            {
                State = random.Next(8) == 0 ? NodeState.Down : NodeState.Ready, StateSince = ModelCluster.Epoch,
            }),
        };
        var spec = Specs.Web(1).Reserving(random.Next(0, 3) * Gigabyte / 2);
        return state.With(spec, [.. Enumerable.Range(1, random.Next(0, 20)).Select(slot =>
            States.Allocation(slot, random.Next(1, nodes + 1), random.Next(4) == 0 ? DesiredState.Remove : DesiredState.Run))]);
    }

    private static Scheduler RandomScheduler(Random random, ClusterState state, NodeTable table)
    {
        var spec = Specs.Web(1, name: "s").Reserving(random.Next(0, 5) * Gigabyte / 4);
        if (random.Next(3) == 0) spec = spec.WithConstraint("node.labels.disk == ssd");
        if (random.Next(4) == 0) spec = spec with { Ports = [new PortSpec { Mode = PortMode.Fixed, Target = 80, Published = 80 }] };
        var request = new PlacementRequest
        {
            Spec = spec, Homes = [], Avoided = ImmutableSortedDictionary<NodeId, DateTimeOffset>.Empty,
        };
        var same = state.Nodes.Keys.Where(_ => random.Next(3) == 0).ToDictionary(node => node, _ => random.Next(1, 4));
        return new Scheduler(table, request, same);
    }
}
