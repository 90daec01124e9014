// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul;
using ClusterManager.Manager.Discovery;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.State;
using ClusterManager.Manager.Tests.Engine;
using ClusterManager.Model;

namespace ClusterManager.Manager.Tests.Discovery;

/// <summary>What Consul says of the machines reaches the engine whole once, then only what is new.</summary>
public sealed class SerfReadingTests
{
    private static readonly NodeRecord[] Three = [.. Enumerable.Range(1, 3).Select(ModelCluster.NodeNumber)];

    [Fact]
    public void The_first_reading_speaks_of_every_node_and_one_that_Consul_does_not_know_does_not_pass()
    {
        var news = SerfReading.Of(Three, [Check("h1", CheckStatus.Passing), Check("h2", CheckStatus.Critical)]).NewsSince(null)!;
        Assert.Null(news.Only);
        Assert.Equal([true, false, false], news.Passing.Values);
    }

    [Fact]
    public void Later_readings_name_the_nodes_that_changed_and_without_one_there_is_no_news()
    {
        var before = SerfReading.Of(Three, [Check("h1", CheckStatus.Passing), Check("h2", CheckStatus.Passing)]);
        var after = SerfReading.Of(Three, [Check("h1", CheckStatus.Passing), Check("h2", CheckStatus.Critical)]);
        Assert.Equal([ModelCluster.Id(2)], after.NewsSince(before)!.Only!);
        Assert.Null(after.NewsSince(after));
    }

    [Fact]
    public void A_node_that_is_new_or_joined_anew_is_news_though_Consul_says_the_same()
    {
        HealthCheck[] checks = [Check("h1", CheckStatus.Passing), Check("h2", CheckStatus.Passing), Check("h3", CheckStatus.Passing)];
        var before = SerfReading.Of(Three[..2], checks);
        Assert.Equal([ModelCluster.Id(3)], SerfReading.Of(Three, checks).NewsSince(before)!.Only!);
        NodeRecord[] rejoined = [Three[0], Three[1] with { Ordinal = 7 }];
        Assert.Equal([ModelCluster.Id(2)], SerfReading.Of(rejoined, checks).NewsSince(before)!.Only!);
    }

    [Fact]
    public void The_engine_believes_of_the_named_nodes_only()
    {
        var cluster = new ModelCluster(3).Up();
        var all = cluster.State.Nodes.Keys.ToSorted(_ => false);
        cluster.Send(new ClusterEvent.SerfObserved(all, [ModelCluster.Id(2)]));
        cluster.Turn();
        Assert.Equal([true, false, true], cluster.State.NodeObservations.Values.Select(seen => seen.SerfPassing!.Value));
    }

    private static HealthCheck Check(string node, CheckStatus status) => new()
    {
        Node = node, Id = "serfHealth", Name = "serfHealth", Status = status,
    };
}
