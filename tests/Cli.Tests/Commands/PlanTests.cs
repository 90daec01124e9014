// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using ClusterManager.Cli.Tests.Fixtures;
using ClusterManager.Model;
using ClusterManager.Wire;
using V1 = ClusterManager.Wire.V1;
using Change = ClusterManager.Wire.V1.AppliedService.Types.Change;
using Kind = ClusterManager.Wire.V1.PlannedAction.Types.Kind;

namespace ClusterManager.Cli.Tests.Commands;

/// <summary><c>cluster plan</c> and <c>--plan</c>: what is asked, what is printed, how it ends.</summary>
public sealed class PlanTests : IDisposable
{
    private const string Id = "p1-692090d5-9f3ab2c1d4e5-0a1b2c3d4e5f-77aa01ce22bb";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cm-plan-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_file_is_planned_as_it_would_be_deployed_and_the_plan_is_read_in_order()
    {
        await using var cluster = await StartAsync(Updated());
        var cli = Cli(cluster);
        Assert.Equal(0, await cli.RunAsync("plan shop.yml --prune"));
        var asked = Assert.Single(cluster.Asked<V1.PlanRequest>()).Deploy;
        Assert.Equal(("shop", true), (asked.Stack, asked.Prune));
        Assert.Equal("""
            Plan for stack shop on cluster -
            ~ shop/web   revision 1 → 2
                container.image               registry.lab:5000/web:1 → registry.lab:5000/web:2
                container.environment.LEVEL   changed (value not shown)
              start-first, 1 at a time: there is room
                 +0.0s   place web.1 on h1
                 +6.0s   place web.2 on h2; stop web.1 on h2
            = shop/db   unchanged
            2 placed, 1 stopped, about 12.5s if a container runs within 1.0s; pulls are not counted
            To do exactly this: cluster deploy -f shop.yml --prune --plan
            """.ReplaceLineEndings("\n") + $" {Id}\n", cli.Out);
        Assert.DoesNotContain("hunter2", cli.Out + cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Programs_get_one_document_without_secrets()
    {
        await using var cluster = await StartAsync(Updated());
        var cli = Cli(cluster);
        Assert.Equal(0, await cli.RunAsync("plan -f shop.yml staging -o json"));
        Assert.Equal("staging", Assert.Single(cluster.Asked<V1.PlanRequest>()).Deploy.Stack);
        using var json = JsonDocument.Parse(cli.Out);
        var plan = Assert.Single(json.RootElement.EnumerateArray());
        Assert.Equal((Id, true, 12_500), (plan.GetProperty("id").GetString(), plan.GetProperty("possible").GetBoolean(),
            plan.GetProperty("durationMs").GetInt64()));
        var web = plan.GetProperty("services")[0];
        Assert.Equal(("updated", "start-first"), (web.GetProperty("change").GetString(), web.GetProperty("order").GetString()));
        Assert.Equal(3, web.GetProperty("actions").GetArrayLength());
        Assert.Equal(("stop", "h2", 2), (web.GetProperty("actions")[2].GetProperty("action").GetString(),
            web.GetProperty("actions")[2].GetProperty("node").GetString(), web.GetProperty("actions")[2].GetProperty("step").GetInt32()));
        Assert.DoesNotContain("hunter2", cli.Out, StringComparison.Ordinal);
        await cli.RunAsync("plan -f shop.yml -q");
        Assert.Equal(Id + "\n", cli.Out);
    }

    [Theory]
    [InlineData(ReasonCode.NoNodeMatches, 5)]
    [InlineData(ReasonCode.PortInUse, 5)]
    [InlineData(ReasonCode.ProgressDeadline, 1)]
    public async Task What_is_impossible_ends_with_the_code_that_it_would_fail_with(ReasonCode code, int exit)
    {
        var plan = Updated();
        plan.Services[0].Impossible = new V1.Reason { Code = (int)code, Text = "needs 64.0 GB" };
        await using var cluster = await StartAsync(plan);
        var cli = Cli(cluster);
        Assert.Equal(exit, await cli.RunAsync("plan shop.yml"));
        Assert.Contains("IMPOSSIBLE: needs 64.0 GB", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Flags_of_update_and_numbers_are_planned_as_these_commands_would_ask()
    {
        await using var cluster = await StartAsync(Updated());
        cluster.On((V1.GetServiceRequest _) => new V1.ServiceDetail
        {
            Status = new V1.ServiceStatus { Desired = 5, Revision = 7 }, Spec = Spec("registry.lab:5000/web:1", "hunter2").ToWire(),
        });
        var cli = Cli(cluster);
        Assert.Equal(0, await cli.RunAsync("plan shop/web --image registry.lab:5000/web:3 --force"));
        var apply = Assert.Single(cluster.Asked<V1.PlanRequest>()).Apply;
        Assert.Equal((V1.Expect.Revision, 7, true, "registry.lab:5000/web:3"),
            (apply.Expect, apply.ExpectedRevision, apply.Force, apply.Spec.Container.Image));
        Assert.False(apply.Spec.HasReplicas);
        Assert.Equal(0, await cli.RunAsync("plan web=5 shop/api=2"));
        var scale = cluster.Asked<V1.PlanRequest>()[1].Scale;
        Assert.Equal([("web", 5), ("api", 2)], scale.Targets.Select(target => (target.Name.Name, target.Replicas)));
        Assert.Contains($"cluster scale web=5 shop/api=2 --plan {Id}", cli.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plan")]
    [InlineData("plan web")]
    [InlineData("plan web api --image x")]
    [InlineData("plan -f shop.yml a b")]
    [InlineData("plan shop.yml --image x")]
    [InlineData("plan nothing.yml")]
    public async Task What_is_no_plan_is_bad_input(string line)
    {
        await using var cluster = await StartAsync(Updated());
        Assert.Equal(2, await Cli(cluster).RunAsync(line));
        Assert.Empty(cluster.Asked<V1.PlanRequest>());
    }

    [Fact]
    public async Task A_deploy_by_a_plan_that_moved_ends_with_8_and_what_moved()
    {
        await using var cluster = await StartAsync(Updated());
        cluster.On((V1.ListServicesRequest _) => new V1.ServicesSnapshot());
        cluster.On<V1.DeployRequest, V1.DeployResponse>(_ => throw FakeCluster.Error(
            V1.ErrorDetail.Types.Kind.Conflict, "the state has moved since the plan: web is at revision 8"));
        var cli = Cli(cluster);
        Assert.Equal(8, await cli.RunAsync($"deploy -f shop.yml --plan {Id}"));
        Assert.Equal(Id, Assert.Single(cluster.Asked<V1.DeployRequest>()).Plan);
        Assert.Contains("web is at revision 8", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_update_by_a_plan_is_not_tried_again_on_a_newer_revision()
    {
        await using var cluster = await StartAsync(Updated());
        cluster.On((V1.GetServiceRequest _) => new V1.ServiceDetail
        {
            Status = new V1.ServiceStatus { Desired = 5, Revision = 7 }, Spec = Spec("registry.lab:5000/web:1", "x").ToWire(),
        });
        cluster.On<V1.ApplyServiceRequest, V1.ApplyServiceResponse>(_ => throw FakeCluster.Error(
            V1.ErrorDetail.Types.Kind.Conflict, "the state has moved"));
        Assert.Equal(8, await Cli(cluster).RunAsync($"update shop/web --image registry.lab:5000/web:3 --plan {Id}"));
        Assert.Equal(Id, Assert.Single(cluster.Asked<V1.ApplyServiceRequest>()).Plan);
    }

    private CliRun Cli(FakeCluster cluster)
    {
        var text = "name: shop\nservices:\n  web:\n    image: registry.lab:5000/web:2\n";
        File.WriteAllText(Path.Combine(_folder.FullName, "shop.yml"), text);
        return new CliRun(cluster.Address) { Directory = _folder.FullName };
    }

    private static async Task<FakeCluster> StartAsync(V1.ChangePlan plan)
    {
        var cluster = await FakeCluster.StartAsync();
        return cluster.On((V1.PlanRequest _) => plan);
    }

    private static ServiceSpec Spec(string image, string level) => new()
    {
        Name = new ServiceName("shop", "web"), Replicas = 2,
        Container = new ContainerSpec { Image = image, Environment = Maps.Of([new("LEVEL", level)]) },
    };

    private static V1.ChangePlan Updated()
    {
        var web = new V1.PlannedService
        {
            Name = new V1.ServiceName { Stack = "shop", Name = "web" }, Change = Change.Updated, FromRevision = 1, ToRevision = 2,
            Before = Spec("registry.lab:5000/web:1", "hunter2").ToWire(), After = Spec("registry.lab:5000/web:2", "hunter22").ToWire(),
            Order = "start-first", OrderReason = "there is room", AtOnce = 1, DurationMs = 12_500,
        };
        web.Actions.AddRange(
        [
            new V1.PlannedAction { Kind = Kind.Place, Name = "web.1", Slot = 1, NodeName = "h1", Revision = 2, Step = 1 },
            new V1.PlannedAction { Kind = Kind.Place, Name = "web.2", Slot = 2, NodeName = "h2", Revision = 2, Step = 2, AtMs = 6000 },
            new V1.PlannedAction { Kind = Kind.Stop, Name = "web.1", Slot = 1, NodeName = "h2", Revision = 1, Step = 2, AtMs = 6000 },
        ]);
        var db = new V1.PlannedService { Name = new V1.ServiceName { Stack = "shop", Name = "db" }, Change = Change.Unchanged };
        var plan = new V1.ChangePlan { Id = Id, Complete = true, DurationMs = 12_500, StartMs = 1000, StopMs = 1000 };
        plan.Services.AddRange([web, db]);
        return plan;
    }
}
