// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Cli.Tests.Fixtures;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Tests.Commands;

/// <summary><c>node drain</c>, and waiting until the node is empty.</summary>
public sealed class DrainTests
{
    [Fact]
    public async Task It_waits_until_nothing_is_left_and_says_how_many_are()
    {
        await using var cluster = await StartAsync(["web.1", "web.3"], ["web.3"], ["web.3"], []);
        var cli = new CliRun(cluster.Address);
        Assert.Equal(0, await cli.RunAsync("node drain n2 --wait"));
        Assert.Equal("n2 is drained and empty\n", cli.Out);
        Assert.Equal("2 replicas are left on n2: web.1, web.3\n1 replica is left on n2: web.3\n", cli.Error);
        Assert.Equal(V1.NodeAvailability.Drained, Assert.Single(cluster.Asked<V1.UpdateNodeRequest>()).Availability);
    }

    [Fact]
    public async Task Without_wait_it_only_asks()
    {
        await using var cluster = await StartAsync(["web.1"]);
        var cli = new CliRun(cluster.Address);
        Assert.Equal(0, await cli.RunAsync("node drain n2"));
        Assert.Equal("n2 is drained\n", cli.Out);
        Assert.Empty(cluster.Asked<V1.GetNodeRequest>());
    }

    [Fact]
    public async Task A_limit_ends_the_waiting_with_code_6_and_what_is_left()
    {
        await using var cluster = await StartAsync(["web.1"]);
        var cli = new CliRun(cluster.Address);
        Assert.Equal(6, await cli.RunAsync("node drain n2 --wait --wait-limit 1s"));
        Assert.Contains("n2 is not empty after 1s: 1 replica is left", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_is_activated_meanwhile_ends_it_with_code_8()
    {
        await using var cluster = await StartAsync(["web.1"]);
        cluster.On((V1.GetNodeRequest _) => new V1.NodeDetail { Status = Node(V1.NodeAvailability.Active) });
        var cli = new CliRun(cluster.Address);
        Assert.Equal(8, await cli.RunAsync("node drain n2 --wait"));
        Assert.Contains("n2 is active meanwhile", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_limit_without_waiting_is_refused_before_anything_is_asked()
    {
        await using var cluster = await StartAsync(["web.1"]);
        Assert.Equal(2, await new CliRun(cluster.Address).RunAsync("node drain n2 --wait-limit 1s"));
        Assert.Empty(cluster.Asked<V1.UpdateNodeRequest>());
    }

    [Fact]
    public async Task A_dry_run_shows_the_plan_changes_nothing_and_ends_with_5_where_something_stays()
    {
        await using var cluster = await StartAsync(["web.1"]);
        cluster.On((V1.PlanRequest _) => Plan());
        var cli = new CliRun(cluster.Address);
        Assert.Equal(5, await cli.RunAsync("node drain n2 --dry-run"));
        Assert.Contains("~ shop/web   revision 7 moves", cli.Out, StringComparison.Ordinal);
        Assert.Contains("place web.1 on n3", cli.Out, StringComparison.Ordinal);
        Assert.Contains("IMPOSSIBLE: 1 of its replicas stays on n2", cli.Out, StringComparison.Ordinal);
        Assert.EndsWith("To do it: cluster node drain n2 --wait\n", cli.Out, StringComparison.Ordinal);
        Assert.Empty(cluster.Asked<V1.UpdateNodeRequest>());
        Assert.Equal(V1.NodeAvailability.Drained, Assert.Single(cluster.Asked<V1.PlanRequest>()).Node.Availability);
        Assert.Equal(5, await cli.RunAsync("node drain n2 --dry-run -o json"));
        Assert.Contains("\"moved\"", cli.Out, StringComparison.Ordinal);
        Assert.Equal(2, await cli.RunAsync("node drain n2 --dry-run --wait"));
    }

    [Fact]
    public async Task A_dry_run_on_an_empty_node_says_so()
    {
        await using var cluster = await StartAsync([]);
        cluster.On((V1.PlanRequest _) => new V1.ChangePlan { Id = "p1", Complete = true });
        var cli = new CliRun(cluster.Address);
        Assert.Equal(0, await cli.RunAsync("node drain n2 --dry-run"));
        Assert.Equal("Nothing runs on n2: a drain moves nothing.\n", cli.Out);
    }

    private static V1.ChangePlan Plan() => new()
    {
        Id = "p1", Complete = true,
        Services =
        {
            new V1.PlannedService
            {
                Name = new V1.ServiceName { Stack = "shop", Name = "web" }, Change = V1.AppliedService.Types.Change.Moved,
                FromRevision = 7, ToRevision = 7, Before = new V1.ServiceSpec(), After = new V1.ServiceSpec(),
                Actions =
                {
                    new V1.PlannedAction { Kind = V1.PlannedAction.Types.Kind.Place, Name = "web.1", NodeName = "n3", Step = 1 },
                },
                Impossible = new V1.Reason
                {
                    Code = (int)Model.ReasonCode.NoNodeFreeNow, Text = "1 of its replicas stays on n2: no node can take it now",
                },
            },
        },
    };

    // A manager whose node n2 holds these replicas, one look after the other; the last look stays.
    private static async Task<FakeCluster> StartAsync(params string[][] looks)
    {
        var cluster = await FakeCluster.StartAsync();
        cluster.On((V1.UpdateNodeRequest r) => new V1.UpdateNodeResponse { Node = Node(r.Availability) });
        var next = -1;
        cluster.On((V1.GetNodeRequest _) => new V1.NodeDetail
        {
            Status = Node(V1.NodeAvailability.Drained),
            Allocations =
            {
                looks[Math.Min(Interlocked.Increment(ref next), looks.Length - 1)].Select(name => new V1.AllocationView { Name = name }),
                new V1.AllocationView { Name = "old.1", Ended = true },
            },
        });
        return cluster;
    }

    private static V1.NodeStatus Node(V1.NodeAvailability availability) => new() { Name = "n2", Id = "2", Availability = availability };
}
