// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using ClusterManager.Cli.Output.Views;
using ClusterManager.Cli.Tests.Fixtures;
using ClusterManager.Model;
using ClusterManager.Tests.Support;
using ClusterManager.Wire;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Tests.Commands;

/// <summary><c>cluster diff</c> and <c>cluster drift</c>.</summary>
public sealed class DiffTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cm-diff-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_file_is_compared_with_what_is_wanted_now_and_not_with_what_was_once_asked_for()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.On((V1.ListServicesRequest _) => Snapshot("web", "old"));
        cluster.On((V1.GetServiceRequest _) => new V1.ServiceDetail
        {
            Status = new V1.ServiceStatus { Desired = 5 }, Spec = Spec("registry.lab:5000/web:1").ToWire(),
        });
        var cli = new CliRun(cluster.Address) { Directory = _folder.FullName };
        await WriteAsync("""
            name: shop
            services:
              web:
                image: registry.lab:5000/web:2
                environment: { LEVEL: info, NEW: hunter2 }
                deploy: { replicas: 2 }
              api: { image: "registry.lab:5000/api:1" }
            """);
        Assert.Equal(0, await cli.RunAsync("diff shop.yml"));
        Assert.Equal("""
            + shop/api   only in the file
            ~ shop/web   cluster → file
                replicas                      5 → 2
                container.image               registry.lab:5000/web:1 → registry.lab:5000/web:2
                container.environment.LEVEL   changed (value not shown)
                container.environment.NEW     set (value not shown)
                ports                         mode=dynamic target=8080 protocol=tcp → (not set)
            - shop/old   only in the cluster

            """.ReplaceLineEndings("\n"), cli.Out);
        Assert.Equal(0, await cli.RunAsync("diff shop.yml --show-values"));
        Assert.Contains("container.environment.LEVEL   debug → info", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Revisions_are_compared_without_numbers_of_replicas()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.On((V1.RevisionRequest r) => new V1.RevisionDetail
        {
            View = new V1.RevisionView { Number = r.Revision == 0 ? 9 : r.Revision },
            Spec = (Spec("registry.lab:5000/web:1") with
            {
                Replicas = r.Revision, DrainDelay = TimeSpan.FromSeconds(r.Revision == 7 ? 3 : 5),
            }).ToWire(),
        });
        var cli = new CliRun(cluster.Address);
        Assert.Equal(0, await cli.RunAsync("diff web --to 7 -o json"));
        using var json = JsonDocument.Parse(cli.Out);
        var only = Assert.Single(json.RootElement.EnumerateArray());
        Assert.Equal(("revision 9", "revision 7", "changed"), (only.GetProperty("from").GetString(), only.GetProperty("to").GetString(),
            only.GetProperty("change").GetString()));
        var field = Assert.Single(only.GetProperty("fields").EnumerateArray());
        Assert.Equal("drain 5s 3s", $"{field.GetProperty("field")} {field.GetProperty("before")} {field.GetProperty("after")}");
        Assert.Equal(0, await cli.RunAsync("diff web --from 5 --to 6"));
        Assert.Equal("= web   no difference between revision 5 and revision 6\n", cli.Out);
    }

    [Theory]
    [InlineData("diff web")]
    [InlineData("diff web --to 0")]
    [InlineData("diff web staging --to 1")]
    [InlineData("diff shop.yml --to 1")]
    public async Task What_can_not_be_compared_is_bad_input(string line)
    {
        await using var cluster = await FakeCluster.StartAsync();
        await WriteAsync("name: shop\nservices: { web: { image: x } }\n");
        Assert.Equal(2, await new CliRun(cluster.Address) { Directory = _folder.FullName }.RunAsync(line));
    }

    /// <summary>A property that is added later must show too, or be told as "other settings".</summary>
    [Fact]
    public void Every_property_of_a_spec_makes_a_difference()
    {
        var spec = new Sampler(7).Next<ServiceSpec>();
        foreach (var (path, variant) in Variants.Of(spec).Where(one => !one.Path.StartsWith("Name", StringComparison.Ordinal)))
            Assert.True(spec.ToWire().Equals(variant.ToWire()) || SpecChanges.Between(spec, variant).Count > 0, path);
        Assert.Empty(SpecChanges.Between(spec, spec));
    }

    [Fact]
    public async Task Drift_is_told_by_container_and_field_and_ends_with_1()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.On((V1.DriftRequest _) => Drifted());
        var cli = new CliRun(cluster.Address);
        Assert.Equal(1, await cli.RunAsync("drift shop/web"));
        Assert.Equal("web", Assert.Single(Assert.Single(cluster.Asked<V1.DriftRequest>()).Names).Name);
        Assert.Equal("""
            7 containers compared, 3 not as they should be
            shop/web.1 on h1   changed
                memory      should be 268435456, is 536870912
                env.LEVEL   has another value (value not shown)
            shop/web.2 on h1   MISSING: it should have a container and has none
            copy on h2   UNKNOWN: it carries the cluster's labels and belongs to no replica

            """.ReplaceLineEndings("\n"), cli.Out);
        Assert.Equal("not looked at: h3: down\n", cli.Error);
        await cli.RunAsync("drift -o json");
        using var json = JsonDocument.Parse(cli.Out);
        Assert.Equal(["changed", "missing", "unknown"],
            json.RootElement.EnumerateArray().Select(one => one.GetProperty("kind").GetString()));
    }

    [Fact]
    public async Task Repair_replaces_what_differs_and_nothing_else()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.On((V1.DriftRequest _) => Drifted());
        cluster.On((V1.ReplaceRequest _) =>
        {
            var response = new V1.ReplaceResponse();
            response.Services.Add(new V1.AppliedService
            {
                Name = new V1.ServiceName { Stack = "shop", Name = "web" }, Rollout = 4, Change = V1.AppliedService.Types.Change.Updated,
            });
            return response;
        });
        var cli = new CliRun(cluster.Address);
        Assert.Equal(1, await cli.RunAsync("drift"));
        Assert.Empty(cluster.Asked<V1.ReplaceRequest>());
        Assert.Equal(0, await cli.RunAsync("drift --repair --detach"));
        Assert.Equal(1, Assert.Single(Assert.Single(cluster.Asked<V1.ReplaceRequest>()).Allocations).Slot);
        cluster.On((V1.DriftRequest _) => new V1.DriftReport { Compared = 1 });
        Assert.Equal(0, await cli.RunAsync("drift --repair"));
        Assert.Single(cluster.Asked<V1.ReplaceRequest>());
    }

    [Fact]
    public async Task Without_drift_the_code_is_0()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.On((V1.DriftRequest _) => new V1.DriftReport { Compared = 1 });
        var cli = new CliRun(cluster.Address);
        Assert.Equal(0, await cli.RunAsync("drift"));
        Assert.Equal("1 container compared, 0 not as they should be\n", cli.Out);
    }

    private Task WriteAsync(string text) => File.WriteAllTextAsync(Path.Combine(_folder.FullName, "shop.yml"), text);

    private static ServiceSpec Spec(string image) => new()
    {
        Name = new ServiceName("shop", "web"), Replicas = 2, Ports = [new PortSpec { Mode = PortMode.Dynamic, Target = 8080 }],
        Container = new ContainerSpec { Image = image, Environment = Maps.Of([new("LEVEL", "debug")]) },
    };

    private static V1.ServicesSnapshot Snapshot(params string[] names)
    {
        var snapshot = new V1.ServicesSnapshot();
        snapshot.Services.AddRange(names.Select(
            name => new V1.ServiceStatus { Name = new V1.ServiceName { Stack = "shop", Name = name } }));
        return snapshot;
    }

    private static V1.DriftReport Drifted()
    {
        var web = new V1.ServiceName { Stack = "shop", Name = "web" };
        var changed = new V1.ContainerDrift
        {
            Kind = V1.DriftKind.Changed, Service = web, Name = "web.1", Node = "h1", ContainerId = "c1",
            Allocation = new V1.AllocationRef { ServiceId = 1, Slot = 1, Generation = 1 },
        };
        changed.Fields.Add(new V1.FieldDrift { Field = "memory", Wanted = "268435456", Found = "536870912" });
        changed.Fields.Add(new V1.FieldDrift { Field = "env.LEVEL", Wanted = "set", Found = "another value", Hidden = true });
        var report = new V1.DriftReport { Compared = 7 };
        report.Containers.AddRange(
        [
            changed, new V1.ContainerDrift { Kind = V1.DriftKind.Missing, Service = web, Name = "web.2", Node = "h1" },
            new V1.ContainerDrift { Kind = V1.DriftKind.Unknown, Name = "copy", Node = "h2", ContainerId = "c9" },
        ]);
        report.Unseen.Add(new V1.UnseenNode { Node = "h3", Problem = "down" });
        return report;
    }
}
