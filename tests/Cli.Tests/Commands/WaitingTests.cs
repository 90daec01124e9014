// SPDX-License-Identifier: Apache-2.0
using System.Text;
using ClusterManager.Cli.Tests.Fixtures;
using ClusterManager.Model;
using Google.Protobuf;
using V1 = ClusterManager.Wire.V1;
using Change = ClusterManager.Wire.V1.AppliedService.Types.Change;

namespace ClusterManager.Cli.Tests.Commands;

/// <summary>Commands that change services, against a scripted manager over real gRPC: what is sent, what is shown, how it ends.</summary>
public sealed class WaitingTests
{
    [Fact]
    public async Task Run_sends_the_flags_and_waits_until_the_replicas_are_healthy()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.On((V1.ApplyServiceRequest _) => new V1.ApplyServiceResponse { Service = Script.Applied("web", 1) });
        Send(cluster, Script.Service("web", 1, V1.RolloutState.Running, 2).With(Script.Allocation(1, V1.AllocationState.Pulling)));
        Send(cluster, Script.Service("web", 1, V1.RolloutState.Running, 2, 1).With(
            Script.Allocation(1, V1.AllocationState.Running, V1.HealthState.Healthy),
            Script.Allocation(2, V1.AllocationState.Starting, node: "n2")));
        Send(cluster, Script.Service("web", 1, V1.RolloutState.Succeeded, 2, 2).With(
            Script.Allocation(1, V1.AllocationState.Running, V1.HealthState.Healthy),
            Script.Allocation(2, V1.AllocationState.Running, V1.HealthState.Healthy, "n2")));
        var cli = new CliRun(cluster.Address);

        var code = await cli.RunAsync(
            "run --name web --replicas 2 -p 8080 -e A=1 --health-http 8080/healthz registry.lab:5000/web:1 serve -p 9 --fast");

        Assert.Equal((0, ""), (code, code == 0 ? "" : cli.Error));
        var spec = Assert.Single(cluster.Asked<V1.ApplyServiceRequest>()).Spec;
        Assert.Equal(("registry.lab:5000/web:1", 2, "1"), (spec.Container.Image, spec.Replicas, spec.Container.Environment["A"]));
        Assert.Equal(["serve", "-p", "9", "--fast"], spec.Container.Command.Values);
        Assert.Equal((V1.HealthKind.Http, 8080, "/healthz"), (spec.Health.Kind, spec.Health.Port, spec.Health.Path));
        Assert.StartsWith("Created web in ", cli.Out, StringComparison.Ordinal);
        Assert.Equal(
            ["+ web   image registry.lab:5000/web:1, 2 replicas, ports 8080",
                "Limit 5m without progress; Ctrl-C detaches, and the cluster goes on: cluster ps web"],
            cli.Error.Split('\n')[..2]);
        foreach (var line in (string[])["healthy  web.1 on n1", "healthy  web.2 on n2", "done     web 2/2 running"])
            Assert.Equal(1, Count(cli.Error, $" {line}\n"));
        Assert.Equal(1, Count(cli.Error, " done "));
        Assert.DoesNotContain("\u001b", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_rollout_is_reported_in_five_parts_with_code_1()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.On((V1.ScaleRequest _) => new V1.ScaleResponse { Services = { Script.Applied("web", 8, Change.Scaled) } });
        var reason = Script.Reason(ReasonCode.Exited, "the process ended with exit code 1");
        var failed = Script.Allocation(2, V1.AllocationState.Failed, node: "n2", revision: 3, reason: reason);
        (failed.Status.ExitCode, failed.Status.Restarts) = (1, 2);
        var status = Script.Service("web", 8, V1.RolloutState.Failed, 3, 2, from: 2, to: 3, reason).With(failed);
        (status.Rollout.Failed, status.Rollout.FailedNode) = (failed.Id, "n2");
        Send(cluster, status);
        failed.CreatedUnixMs = 1_000_000;
        // The slot's container of before wrote too, until it was stopped.
        cluster.Logs.Add(new V1.LogBatch { Lines = { Line("all is fine\n", 999_000), Line("no such column\n", 1_000_500) } });
        var cli = new CliRun(cluster.Address);

        Assert.Equal(1, await cli.RunAsync("scale web=3"));

        var report = cli.Error[cli.Error.IndexOf("Scaling of web FAILED", StringComparison.Ordinal)..].ReplaceLineEndings("\n").Split('\n');
        Assert.EndsWith("It was halted; what runs of revision 2 was kept.", report[0], StringComparison.Ordinal);
        Assert.Equal(
            [
                "  service   web (registry.lab:5000/web:1), allocation web.2 on n2, container 7c1f0e2a93b4",
                "  cause     the process ended with exit code 1 (exit 1, 2 restarts)",
                "  last log  no such column",
                "  next      cluster logs web        cluster explain web",
            ],
            report[1..5]);
        Assert.Equal((2, 5), (Assert.Single(cluster.Asked<V1.LogsRequest>()).Slot, Assert.Single(cluster.Asked<V1.LogsRequest>()).Tail));
        Assert.Empty(cli.Out);
    }

    [Fact]
    public async Task An_allocation_that_wrote_nothing_is_not_given_the_lines_of_the_one_before_it()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.On((V1.ScaleRequest _) => new V1.ScaleResponse { Services = { Script.Applied("web", 8, Change.Scaled) } });
        var reason = Script.Reason(ReasonCode.Exited, "it ended");
        var failed = Script.Allocation(2, V1.AllocationState.Failed, revision: 3, reason: reason);
        failed.CreatedUnixMs = 1_000_000;
        Send(cluster, Script.Service("web", 8, V1.RolloutState.Failed, 3, 2, from: 2, to: 3, reason).With(failed));
        cluster.Logs.Add(new V1.LogBatch { Lines = { Line("all is fine\n", 999_000) } });
        var cli = new CliRun(cluster.Address);
        Assert.Equal(1, await cli.RunAsync("scale web=3"));
        Assert.Contains("  last log  none: it wrote nothing\n", cli.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("all is fine", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_no_node_could_take_until_the_deadline_cannot_be_placed()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.On((V1.ApplyServiceRequest _) => new V1.ApplyServiceResponse { Service = Script.Applied("web", 1) });
        var status = Script.Service("web", 1, V1.RolloutState.Failed, 1, reason: Script.Reason(ReasonCode.ProgressDeadline, "too long"));
        status.Unplaced.Add(new V1.UnplacedStatus { Count = 1, Reason = Script.Reason(ReasonCode.NoNodeFreeNow, "no room") });
        Send(cluster, status);
        Assert.Equal(5, await new CliRun(cluster.Address).RunAsync("run --name web img"));
    }

    [Theory]
    [InlineData(V1.ErrorDetail.Types.Kind.Invalid, 2)]
    [InlineData(V1.ErrorDetail.Types.Kind.NotFound, 3)]
    [InlineData(V1.ErrorDetail.Types.Kind.Conflict, 8)]
    [InlineData(V1.ErrorDetail.Types.Kind.NotPermitted, 9)]
    public async Task The_managers_refusal_decides_the_exit_code(V1.ErrorDetail.Types.Kind kind, int expected)
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.On((V1.ApplyServiceRequest _) => Refuse(kind));
        var cli = new CliRun(cluster.Address);
        Assert.Equal(expected, await cli.RunAsync("run --name web img"));
        Assert.Contains("error: there is a web already", cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ReasonCode.NoNodeMatches, 5)]
    [InlineData(ReasonCode.NoNodeFreeNow, 5)]
    [InlineData(ReasonCode.NoReadyNode, 5)]
    [InlineData(ReasonCode.ConstraintNotMet, 5)]
    [InlineData(ReasonCode.NoMemory, 5)]
    [InlineData(ReasonCode.PortInUse, 5)]
    [InlineData(ReasonCode.PortTaken, 5)]
    [InlineData(ReasonCode.ImageNotFound, 1)]
    [InlineData(ReasonCode.ImageNotOnNode, 1)]
    [InlineData(ReasonCode.RegistryDenied, 1)]
    [InlineData(ReasonCode.RegistryUnreachable, 1)]
    [InlineData(ReasonCode.Exited, 1)]
    [InlineData(ReasonCode.Unhealthy, 1)]
    [InlineData(ReasonCode.ProgressDeadline, 1)]
    public async Task The_reason_decides_the_exit_code(ReasonCode reason, int expected)
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.On((V1.ApplyServiceRequest _) => new V1.ApplyServiceResponse { Service = Script.Applied("web", 1) });
        Send(cluster, Script.Service("web", 1, V1.RolloutState.Failed, 1, reason: Script.Reason(reason, "because")));
        var cli = new CliRun(cluster.Address);
        Assert.Equal(expected, await cli.RunAsync("run --name web img"));
        Assert.Contains("cause     because", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_newer_change_that_takes_the_place_is_a_conflict()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.On((V1.ScaleRequest _) => new V1.ScaleResponse { Services = { Script.Applied("web", 3, Change.Scaled) } });
        Send(cluster, Script.Service("web", 4, V1.RolloutState.Running, 1));
        var cli = new CliRun(cluster.Address);
        Assert.Equal(8, await cli.RunAsync("scale web=1"));
        Assert.Contains("A newer change took its place", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_older_rollout_in_the_first_snapshot_is_not_mistaken_for_ours()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.On((V1.ScaleRequest _) => new V1.ScaleResponse { Services = { Script.Applied("web", 3, Change.Scaled) } });
        Send(cluster, Script.Service("web", 2, V1.RolloutState.Failed, 1));
        Send(cluster, Script.Service("web", 3, V1.RolloutState.Succeeded, 1, 1));
        Assert.Equal(0, await new CliRun(cluster.Address).RunAsync("scale web=1"));
    }

    [Fact]
    public async Task The_wait_limit_ends_the_waiting_with_code_6()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.On((V1.ScaleRequest _) => new V1.ScaleResponse { Services = { Script.Applied("web", 3, Change.Scaled) } });
        Send(cluster, Script.Service("web", 3, V1.RolloutState.Running, 1));
        var cli = new CliRun(cluster.Address);
        Assert.Equal(6, await cli.RunAsync("scale web=1 --wait-limit 100ms"));
        Assert.Contains("the outcome is not known here", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interrupting_detaches_says_so_and_ends_with_130()
    {
        await using var cluster = await FakeCluster.StartAsync();
        using var interrupt = new CancellationTokenSource();
        cluster.On((V1.ScaleRequest _) => new V1.ScaleResponse { Services = { Script.Applied("web", 3, Change.Scaled) } });
        Send(cluster, Script.Service("web", 3, V1.RolloutState.Running, 1));
        var cli = new CliRun(cluster.Address);
        var run = cli.RunAsync("scale web=1", interrupt.Token);
        await Until(() => cluster.Asked<V1.ListServicesRequest>().Count > 0);
        await interrupt.CancelAsync();
        Assert.Equal(130, await run);
        Assert.Contains("Detached: the cluster goes on. To see how: cluster ps web", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Detach_returns_without_watching()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.On((V1.ScaleRequest _) => new V1.ScaleResponse { Services = { Script.Applied("web", 3, Change.Scaled) } });
        var cli = new CliRun(cluster.Address);
        Assert.Equal(0, await cli.RunAsync("scale web=1 --detach"));
        Assert.Equal("Accepted; the cluster goes on. To see how: cluster ps web", cli.Out.Trim());
        Assert.Empty(cluster.Asked<V1.ListServicesRequest>());
    }

    [Fact]
    public async Task A_watch_that_breaks_off_is_begun_again()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.On((V1.ScaleRequest _) => new V1.ScaleResponse { Services = { Script.Applied("web", 3, Change.Scaled) } });
        Send(cluster, Script.Service("web", 3, V1.RolloutState.Running, 1));
        cluster.Snapshots.Writer.Complete();
        var run = new CliRun(cluster.Address).RunAsync("scale web=1");
        await Until(() => cluster.Asked<V1.ListServicesRequest>().Count >= 1);
        var next = System.Threading.Channels.Channel.CreateUnbounded<V1.ServicesSnapshot>();
        next.Writer.TryWrite(Script.Snapshot(Script.Service("web", 3, V1.RolloutState.Succeeded, 1, 1)));
        cluster.Snapshots = next;
        Assert.Equal(0, await run);
        Assert.True(cluster.Asked<V1.ListServicesRequest>().Count >= 2);
    }

    [Fact]
    public async Task Removal_waits_until_the_service_is_missing()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.On((V1.ListServicesRequest _) => Script.Snapshot(Script.Service("web", 1, V1.RolloutState.Succeeded, 1, 1)));
        cluster.On((V1.RemoveServicesRequest _) => new V1.RemoveServicesResponse { Services = { Script.Applied(
            "web", 0, Change.Removed) } });
        Send(cluster, Script.Service("web", 1, V1.RolloutState.Succeeded, 1, 1));
        cluster.Snapshots.Writer.TryWrite(new V1.ServicesSnapshot { Missing = { Script.Name("web") } });
        var cli = new CliRun(cluster.Address);
        Assert.Equal(0, await cli.RunAsync("rm web -y"));
        Assert.StartsWith("Removed web in ", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Update_reads_changes_and_writes_the_revision_it_read_and_retries_a_conflict()
    {
        await using var cluster = await FakeCluster.StartAsync();
        var revision = 4;
        cluster.On((V1.GetServiceRequest _) => new V1.ServiceDetail
        {
            Status = new V1.ServiceStatus { Name = Script.Name("web"), Revision = ++revision, Desired = 5 },
            Spec = new V1.ServiceSpec
            {
                Name = Script.Name("web"), Mode = V1.ServiceMode.Replicated, Replicas = 3, ProgressDeadlineMs = 60_000,
                Restart = new V1.RestartPolicy { Condition = V1.RestartCondition.Any },
                Container = new V1.ContainerSpec { Image = "web:1", Environment = { ["A"] = "1", ["B"] = "2" },
                    StopGracePeriodMs = 10_000 },
            },
        });
        cluster.On((V1.ApplyServiceRequest r) => r.ExpectedRevision < 6
            ? throw FakeCluster.Error(V1.ErrorDetail.Types.Kind.Conflict, "web is at revision 6")
            : new V1.ApplyServiceResponse { Service = Script.Applied("web", 9, Change.Updated, 7) });
        Send(cluster, Script.Service("web", 9, V1.RolloutState.Succeeded, 1, 1));
        var cli = new CliRun(cluster.Address);

        Assert.Equal(0, await cli.RunAsync("update web --image web:2 --env C=3 --env-rm A"));

        var request = cluster.Asked<V1.ApplyServiceRequest>()[^1];
        Assert.Equal((V1.Expect.Revision, 6, "web:2"), (request.Expect, request.ExpectedRevision, request.Spec.Container.Image));
        // "scale" made them five since: the spec's three must not come back.
        Assert.False(request.Spec.HasReplicas);
        Assert.Equal(["B", "C"], request.Spec.Container.Environment.Keys.Order());
        Assert.Equal(2, cluster.Asked<V1.ApplyServiceRequest>().Select(r => r.RequestId).Distinct().Count());
        Assert.StartsWith("Updated web to revision 7 in ", cli.Out, StringComparison.Ordinal);
        Assert.Contains("~ web   image web:1 → web:2, environment change\n", cli.Error, StringComparison.Ordinal);

        Assert.Equal(0, await cli.RunAsync("update web --replicas 4 --detach"));
        Assert.Equal(4, cluster.Asked<V1.ApplyServiceRequest>()[^1].Spec.Replicas);
        Assert.Contains("~ web   replicas 5 → 4\n", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deploy_with_nothing_to_do_says_so_and_shows_no_progress()
    {
        await using var cluster = await FakeCluster.StartAsync();
        var running = Script.Service("shop/web", 1, V1.RolloutState.Succeeded, 1, 1)
            .With(Script.Allocation(1, V1.AllocationState.Running, V1.HealthState.Healthy));
        var sent = new V1.ServiceSpec();
        cluster.On((V1.ListServicesRequest _) => sent.Name is null ? Script.Snapshot() : Script.Snapshot(running));
        cluster.On((V1.GetServiceRequest _) => new V1.ServiceDetail { Spec = sent });
        cluster.On((V1.DeployRequest r) =>
        {
            sent = r.Services.Single();
            return new V1.DeployResponse { Release = 1, Services = { Script.Applied("shop/web", 1, Change.Unchanged) } };
        });
        Send(cluster, running);
        var folder = Directory.CreateTempSubdirectory("cm-cli-test-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "shop.yml"), "services: {web: {image: 'web:1'}}");
            var cli = new CliRun(cluster.Address) { Directory = folder.FullName };
            Assert.Equal(0, await cli.RunAsync("deploy -f shop.yml shop --detach"));
            Assert.Equal(0, await cli.RunAsync("deploy -f shop.yml shop"));
            Assert.Equal("Nothing to do: everything is as asked.\n", cli.Out);
            Assert.Matches("^Plan for stack shop on cluster [^\n]*\n  = web   unchanged\n$", cli.Error);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Deploy_shows_the_plan_sends_the_stack_and_says_the_release()
    {
        await using var cluster = await FakeCluster.StartAsync();
        var folder = Directory.CreateTempSubdirectory("cm-cli-test-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "shop.yml"),
                "name: shop\nservices:\n  web: {image: web:1}\n  api: {image: 'api:1'}\n");
            cluster.On((V1.ListServicesRequest _) => Script.Snapshot(Script.Service("shop/old", 1, V1.RolloutState.Succeeded, 1, 1)));
            cluster.On((V1.DeployRequest _) => new V1.DeployResponse { Release = 42,
                Services = { Script.Applied("shop/web", 1), Script.Applied("shop/api", 1) } });
            cluster.Snapshots.Writer.TryWrite(Script.Snapshot(
                Script.Service("shop/web", 1, V1.RolloutState.Succeeded, 1, 1),
                Script.Service("shop/api", 1, V1.RolloutState.Succeeded, 1, 1)));
            var cli = new CliRun(cluster.Address) { Directory = folder.FullName };
            Assert.Equal((0, ""), (await cli.RunAsync("deploy -f shop.yml --timeout 90s"), ""));
            var request = Assert.Single(cluster.Asked<V1.DeployRequest>());
            Assert.Equal(("shop", 2, false), (request.Stack, request.Services.Count, request.Prune));
            Assert.All(request.Services, s => Assert.Equal((90_000, false), (s.ProgressDeadlineMs, s.HasReplicas)));
            Assert.Contains("  + api   image api:1, 1 replica", cli.Error, StringComparison.Ordinal);
            Assert.Contains("  = old   not in the file; kept (--prune removes it)", cli.Error, StringComparison.Ordinal);
            Assert.StartsWith("Deployed shop release 42 in ", cli.Out, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Send(FakeCluster cluster, V1.ServiceStatus status) => cluster.Snapshots.Writer.TryWrite(Script.Snapshot(status));

    private static V1.ApplyServiceResponse Refuse(V1.ErrorDetail.Types.Kind kind) =>
        throw FakeCluster.Error(kind, "there is a web already");

    private static V1.NamedLogLine Line(string text, long unixMs) =>
        new() { Name = "web.2", Node = "n2", Text = ByteString.CopyFromUtf8(text), UnixNs = unixMs * 1_000_000 };

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private static async Task Until(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!condition()) await Task.Delay(10, limit.Token);
    }
}
