// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using ClusterManager.Cli.Tests.Fixtures;
using Grpc.Core;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Tests.Contexts;

public sealed class ConnectionTests
{
    private static readonly V1.ClusterStatus Well = new() { Healthy = true, Summary = "fine" };

    [Fact]
    public async Task The_next_manager_answers_for_a_dead_one_with_one_notice()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.On((V1.StatusRequest _) => Well);
        var dead = Dead();
        var cli = new CliRun(dead, cluster.Address);
        Assert.Equal(0, await cli.RunAsync("status"));
        Assert.Equal($"notice: manager {dead} does not answer; trying {cluster.Address}\n", cli.Error);
        Assert.Equal("fine\n", cli.Out);
    }

    [Fact]
    public async Task No_manager_at_all_is_code_7_and_names_those_tried()
    {
        var (a, b) = (Dead(), Dead());
        var cli = new CliRun(a, b);
        Assert.Equal(7, await cli.RunAsync("scale web=1"));
        Assert.Contains($"can be reached (tried {a}, {b})", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mutation_whose_answer_is_lost_is_repeated_with_the_same_id()
    {
        await using var first = await FakeCluster.StartAsync();
        await using var second = await FakeCluster.StartAsync();
        first.Answers[typeof(V1.ScaleRequest)] = _ => throw new RpcException(new Status(StatusCode.Unavailable, "going down"));
        second.On((V1.ScaleRequest _) => new V1.ScaleResponse { Services = { Script.Applied("web", 1) } });
        var cli = new CliRun(first.Address, second.Address);
        Assert.Equal(0, await cli.RunAsync("scale web=1 --detach"));
        Assert.Equal(Assert.Single(first.Asked<V1.ScaleRequest>()).RequestId, Assert.Single(second.Asked<V1.ScaleRequest>()).RequestId);
    }

    [Fact]
    public async Task A_mutation_that_nobody_confirms_has_an_unknown_outcome()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.Answers[typeof(V1.ScaleRequest)] = _ =>
            throw FakeCluster.Error(V1.ErrorDetail.Types.Kind.UnknownOutcome, "the commit was not confirmed");
        var cli = new CliRun(cluster.Address);
        Assert.Equal(6, await cli.RunAsync("scale web=1 --detach"));
        Assert.Contains("the answer was lost", cli.Error, StringComparison.Ordinal);
        Assert.True(cluster.Asked<V1.ScaleRequest>().Count > 1);
    }

    [Fact]
    public async Task A_cluster_without_a_leader_is_asked_again_until_it_has_one()
    {
        await using var cluster = await FakeCluster.StartAsync();
        var times = 0;
        cluster.Answers[typeof(V1.StatusRequest)] = _ => ++times < 3
            ? throw FakeCluster.Error(V1.ErrorDetail.Types.Kind.Unavailable, "no leader") : Well;
        Assert.Equal(0, await new CliRun(cluster.Address).RunAsync("status"));
        Assert.Equal(3, times);
    }

    // A port that was free a moment ago: nobody listens.
    private static string Dead()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener.LocalEndpoint.ToString()!;
    }
}
