// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using ClusterManager.Cli.Tests.Fixtures;
using ClusterManager.Model;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Tests.Commands;

/// <summary>Commands that only read: their texts, exactly, and their JSON.</summary>
public sealed class ReadingTests
{
    private const long Now = 1_772_359_331_000;

    private static async Task<(FakeCluster Cluster, CliRun Cli)> StartAsync()
    {
        var cluster = await FakeCluster.StartAsync();
        var web = Script.Service("shop/web", 3, V1.RolloutState.Succeeded, 3, 3, to: 4);
        web.UpdatedUnixMs = Now - 240_000;
        web.Ports.Add(new V1.PortSpec { Mode = V1.PortMode.Fixed, Target = 8443, Published = 443, Protocol = V1.PortProtocol.Tcp });
        var cache = Script.Service("shop/cache", 1, V1.RolloutState.Failed, 1);
        cache.UpdatedUnixMs = Now - 360_000;
        cache.Unplaced.Add(new V1.UnplacedStatus { Count = 1,
            Reason = Script.Reason(ReasonCode.NoNodeMatches, "no node has label disk=ssd"), SinceUnixMs = Now - 360_000 });
        cluster.On((V1.ListServicesRequest r) => r.Names.Any(n => n.Name == "wbe")
            ? new V1.ServicesSnapshot { Missing = { r.Names } }
            : Script.Snapshot(web, cache));
        return (cluster, new CliRun(cluster.Address));
    }

    [Fact]
    public async Task Services_are_a_table_without_borders()
    {
        var (cluster, cli) = await StartAsync();
        await using var _ = cluster;
        Assert.Equal(0, await cli.RunAsync("service ls"));
        Assert.Equal(
            """
            NAME         MODE         RUNNING   IMAGE                     PORTS            UPDATED   STATE
            shop/cache   replicated   0/1       registry.lab:5000/web:1   -                6m ago    UNPLACED  no node has label disk=ssd
            shop/web     replicated   3/3       registry.lab:5000/web:1   *:443→8443/tcp   4m ago    ok

            """.ReplaceLineEndings("\n"),
            cli.Out);
    }

    [Fact]
    public async Task Json_is_one_array_with_stable_keys_and_yaml_says_the_same()
    {
        var (cluster, cli) = await StartAsync();
        await using var _ = cluster;
        await cli.RunAsync("ls -o json");
        using var json = JsonDocument.Parse(cli.Out);
        var first = json.RootElement[0];
        Assert.Equal(
            "name stack service mode running desired image revision ports updatedAt state reason rollout unplaced",
            string.Join(' ', first.EnumerateObject().Select(p => p.Name)));
        Assert.Equal(("shop/cache", "UNPLACED", "noNodeMatches", "2026-03-01T09:56:11.000Z"), (
            first.GetProperty("name").GetString(), first.GetProperty("state").GetString(),
            first.GetProperty("unplaced")[0].GetProperty("reasonCode").GetString(), first.GetProperty("updatedAt").GetString()));
        await cli.RunAsync("ls -o yaml");
        Assert.StartsWith("- name: shop/cache\n  stack: shop\n  service: cache\n  mode: replicated\n  running: 0\n", cli.Out,
            StringComparison.Ordinal);
        await cli.RunAsync("ls -q");
        Assert.Equal("shop/cache\nshop/web\n", cli.Out);
    }

    [Fact]
    public async Task An_unknown_service_suggests_the_nearest_name_with_code_3()
    {
        var (cluster, cli) = await StartAsync();
        await using var _ = cluster;
        Assert.Equal(3, await cli.RunAsync("ps shop/wbe"));
        Assert.Equal("error: there is no service 'shop/wbe'; did you mean 'shop/web'?\nnext: cluster service ls\n", cli.Error);
        cli.Variables["CLUSTER_HINTS"] = "off";
        await cli.RunAsync("ps shop/wbe");
        Assert.Equal("error: there is no service 'shop/wbe'; did you mean 'shop/web'?\n", cli.Error);
    }

    [Theory]
    [InlineData(V1.ErrorDetail.Types.Kind.Invalid, 2)]
    [InlineData(V1.ErrorDetail.Types.Kind.NotFound, 3)]
    [InlineData(V1.ErrorDetail.Types.Kind.Conflict, 8)]
    [InlineData(V1.ErrorDetail.Types.Kind.NotPermitted, 9)]
    public async Task The_managers_refusals_have_their_exit_codes(V1.ErrorDetail.Types.Kind kind, int code)
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.Answers[typeof(V1.ListNodesRequest)] = _ => throw FakeCluster.Error(kind, "because of it", "n1", "n2");
        var cli = new CliRun(cluster.Address);
        Assert.Equal(code, await cli.RunAsync("node ls"));
        Assert.Equal("error: because of it; did you mean 'n1' or 'n2'?\n", cli.Error);
    }

    [Fact]
    public async Task Status_is_one_line_and_its_code_is_0_or_1()
    {
        await using var cluster = await FakeCluster.StartAsync();
        var status = new V1.ClusterStatus { Healthy = true, NodesReady = 3, Nodes = 3, ManagersReady = 1, Managers = 1, ServicesOk = 2,
            Services = 2, AllocationsRunning = 4, AllocationsDesired = 4 };
        cluster.On((V1.StatusRequest _) => status);
        var cli = new CliRun(cluster.Address);
        Assert.Equal(0, await cli.RunAsync("status"));
        Assert.Equal("all is well: 3/3 nodes ready, 2/2 services ok, 4/4 replicas running\n", cli.Out);
        status.Healthy = false;
        status.Problems.Add(new V1.Problem { Object = "service web", Reason = Script.Reason(ReasonCode.CrashLoop, "ends again and again"),
            Command = "cluster explain web", SinceUnixMs = Now - 60_000 });
        Assert.Equal(1, await cli.RunAsync("status"));
        Assert.Equal(
            """
            1 problem: 3/3 nodes ready, 2/2 services ok, 4/4 replicas running
            WHAT          SINCE    WHY                    NEXT
            service web   1m ago   ends again and again   cluster explain web

            """.ReplaceLineEndings("\n"),
            cli.Out);
        status.Summary = "1 problem: 2/3 nodes ready, leader h1";
        Assert.Equal(1, await cli.RunAsync("status"));
        Assert.StartsWith("1 problem: 2/3 nodes ready, leader h1\n", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_runs_whole_is_ok_and_says_that_its_last_update_failed()
    {
        await using var cluster = await FakeCluster.StartAsync();
        var reason = Script.Reason(ReasonCode.ImageNotFound, "there is no web:9");
        cluster.On((V1.ListServicesRequest _) => Script.Snapshot(
            Script.Service("web", 2, V1.RolloutState.Failed, 3, 3, from: 1, to: 2, reason),
            Script.Service("api", 2, V1.RolloutState.Failed, 3, 2, from: 1, to: 2, reason)));
        var cli = new CliRun(cluster.Address);
        Assert.Equal(0, await cli.RunAsync("ls"));
        Assert.Contains("   ok (last update failed: there is no web:9)\n", cli.Out, StringComparison.Ordinal);
        Assert.Contains("   FAILED  there is no web:9\n", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_names_each_node_with_its_numbers_and_the_nearest_fix()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.On((V1.ExplainRequest _) => new V1.Explanation
        {
            Status = Script.Service("shop/cache", 1, V1.RolloutState.Failed, 1,
                reason: Script.Reason(ReasonCode.NoNodeMatches, "no node matches")),
            Summary = "shop/cache runs 0 of 1 replicas. 1 replica has had no node for 6m.",
            NearestFix = "cluster node label n1 disk=ssd",
            Nodes =
            {
                new V1.NodeVerdict { NodeName = "n1", FreeCpuNano = 6_000_000_000, FreeMemoryBytes = 25L << 30,
                    Reason = Script.Reason(ReasonCode.ConstraintNotMet, "label disk=ssd missing (has disk=hdd)") },
                new V1.NodeVerdict { NodeName = "n2", FreeCpuNano = 500_000_000, FreeMemoryBytes = 1536L << 20 },
            },
        });
        var cli = new CliRun(cluster.Address);
        Assert.Equal(0, await cli.RunAsync("explain shop/cache"));
        Assert.Equal(
            """
            shop/cache runs 0 of 1 replicas. 1 replica has had no node for 6m.
              NODE   FREE CPU   FREE MEM   VERDICT
              n1     6          25 GB      label disk=ssd missing (has disk=hdd)
              n2     0.5        1.5 GB     fits (rank 1)
            Nearest fix: cluster node label n1 disk=ssd

            """.ReplaceLineEndings("\n"),
            cli.Out);
    }

    [Fact]
    public async Task Logs_are_merged_with_their_replica_and_node()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.Logs.Add(new V1.LogBatch
        {
            Notice = "node n3 is away",
            Lines =
            {
                new V1.NamedLogLine { Name = "web.1", Node = "n1", UnixNs = Now * 1_000_000,
                    Text = Google.Protobuf.ByteString.CopyFromUtf8("hello\n") },
                new V1.NamedLogLine { Name = "web.2", Node = "n2", UnixNs = Now * 1_000_000,
                    Text = Google.Protobuf.ByteString.CopyFromUtf8("there") },
            },
        });
        var cli = new CliRun(cluster.Address);
        Assert.Equal(0, await cli.RunAsync("logs web --since 10m --tail 7"));
        Assert.Equal("web.1 n1 | hello\nweb.2 n2 | there\n", cli.Out);
        Assert.Equal("notice: node n3 is away\n", cli.Error);
        var request = Assert.Single(cluster.Asked<V1.LogsRequest>());
        Assert.Equal((600_000, 7, 0, false), (request.SinceAgeMs, request.Tail, request.Slot, request.Follow));
        await cli.RunAsync("logs web.2");
        Assert.Equal((2, "web"), (cluster.Asked<V1.LogsRequest>()[^1].Slot, cluster.Asked<V1.LogsRequest>()[^1].Names[0].Name));
    }

    [Fact]
    public async Task A_token_is_shown_once_and_alone_with_quiet()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.On((V1.CreateTokenRequest r) => new V1.CreateTokenResponse { Token = "CMT-1-a-b-c",
            Status = new V1.TokenStatus { Id = "a", Manager = r.Manager, ExpiresUnixMs = Now + 7_200_500, UsesLeft = r.Uses } });
        var cli = new CliRun(cluster.Address);
        Assert.Equal(0, await cli.RunAsync("token create --manager --ttl 2h --uses 3 -q"));
        Assert.Equal("CMT-1-a-b-c\n", cli.Out);
        var request = Assert.Single(cluster.Asked<V1.CreateTokenRequest>());
        Assert.Equal((true, 7_200_000, 3), (request.Manager, request.ValidMs, request.Uses));
        await cli.RunAsync("token create");
        Assert.Equal($"cluster join {cluster.Address} --token CMT-1-a-b-c\n", cli.Out);
    }

    [Fact]
    public async Task Losing_something_is_asked_and_without_an_answer_refused_with_the_flags_name()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.On((V1.RemoveNodeRequest _) => new V1.RemoveNodeResponse());
        var cli = new CliRun(cluster.Address);
        Assert.Equal(2, await cli.RunAsync("node rm n3"));
        Assert.Contains("confirm with --yes or CLUSTER_YES=1", cli.Error, StringComparison.Ordinal);
        Assert.Empty(cluster.Asked<V1.RemoveNodeRequest>());
        Assert.Equal(0, await cli.RunAsync("node rm n3 --yes"));
        (cli.IsTerminal, cli.In) = (true, new StringReader("no\n"));
        Assert.Equal(2, await cli.RunAsync("node rm n3"));
        cli.In = new StringReader("y\n");
        Assert.Equal(0, await cli.RunAsync("node rm n3"));
        Assert.Equal(2, cluster.Asked<V1.RemoveNodeRequest>().Count);
    }

    [Fact]
    public async Task Node_labels_are_set_and_removed_and_availability_changed()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.On((V1.UpdateNodeRequest r) => new V1.UpdateNodeResponse
        {
            Node = new V1.NodeStatus { Name = r.Node, Availability = r.Availability, Labels = { ["disk"] = "ssd" } },
        });
        var cli = new CliRun(cluster.Address);
        Assert.Equal(0, await cli.RunAsync("node label n2 disk=ssd zone-"));
        var request = Assert.Single(cluster.Asked<V1.UpdateNodeRequest>());
        Assert.Equal(("ssd", "zone"), (request.SetLabels["disk"], Assert.Single(request.RemoveLabels)));
        Assert.Equal(2, await cli.RunAsync("node label n2 disk"));
        Assert.Equal(0, await cli.RunAsync("node pause n2"));
        Assert.Equal("n2 is paused\n", cli.Out);
    }
}
