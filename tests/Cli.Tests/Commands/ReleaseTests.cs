// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Cli.Tests.Fixtures;
using ClusterManager.Model;
using ClusterManager.Wire;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Tests.Commands;

/// <summary>The same content in the next cluster: digests from a context, and from a file of <c>stack release</c>.</summary>
public sealed class ReleaseTests : IDisposable
{
    private const string Compose = "services:\n  web: {image: 'registry.prod:5000/shop/web:2.4.2'}\n";
    private static readonly string Digest = "sha256:" + new string('a', 64);
    private readonly string _directory = Directory.CreateTempSubdirectory("cm-release-").FullName;

    public ReleaseTests() => File.WriteAllText(Path.Combine(_directory, "shop.yml"), Compose);

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task The_digests_of_another_context_are_deployed_under_the_files_own_names()
    {
        await using var staging = await StagingAsync();
        await using var prod = await ProdAsync();
        var cli = Cli(staging, prod);
        var code = await cli.RunAsync("--context prod deploy -f shop.yml shop --digests-from staging --detach");
        Assert.Equal((0, ""), (code, code == 0 ? "" : cli.Error));
        var sent = Assert.Single(Assert.Single(prod.Asked<V1.DeployRequest>()).Services);
        Assert.Equal($"registry.prod:5000/shop/web:2.4.2@{Digest}", sent.Container.Image);
        Assert.Empty(staging.Asked<V1.DeployRequest>());
        Assert.Contains($"+ web   image registry.prod:5000/shop/web:2.4.2@{Digest}", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_release_file_of_one_cluster_is_deployed_by_another()
    {
        await using var staging = await StagingAsync();
        await using var prod = await ProdAsync();
        var cli = Cli(staging, prod);
        Assert.Equal(0, await cli.RunAsync("--context staging stack release shop"));
        File.WriteAllText(Path.Combine(_directory, "shop.release"), cli.Out);
        var code = await cli.RunAsync("--context prod deploy -f shop.yml shop --release shop.release --detach");
        Assert.Equal((0, ""), (code, code == 0 ? "" : cli.Error));
        var sent = Assert.Single(Assert.Single(prod.Asked<V1.DeployRequest>()).Services);
        Assert.EndsWith($"@{Digest}", sent.Container.Image, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("registry.staging:5000/shop/web:2.4.1", V1.RolloutState.Succeeded, 2, "the file names 2.4.2, staging runs 2.4.1")]
    [InlineData("registry.staging:5000/other/web:2.4.2", V1.RolloutState.Succeeded, 2, "is another image than")]
    [InlineData("registry.staging:5000/shop/web:2.4.2", V1.RolloutState.Running, 8, "is being changed")]
    [InlineData("registry.staging:5000/shop/web:2.4.2", V1.RolloutState.Failed, 8, "has failed its last rollout")]
    public async Task What_does_not_fit_or_stand_still_is_refused_and_nothing_deployed(
        string image, V1.RolloutState state, int code, string expected)
    {
        await using var staging = await StagingAsync(image, state);
        await using var prod = await ProdAsync();
        var cli = Cli(staging, prod);
        Assert.Equal(code, await cli.RunAsync("--context prod deploy -f shop.yml shop --digests-from staging"));
        Assert.Contains(expected, cli.Error, StringComparison.Ordinal);
        Assert.Empty(prod.Asked<V1.DeployRequest>());
    }

    [Theory]
    [InlineData("", "is no release file")]
    [InlineData("{}", "is no release file")]
    [InlineData("""{"format":2,"stack":"shop","from":"s","services":{}}""", "it has format 2")]
    [InlineData("""{"format":1,"stack":"shop","from":"s","services":{},"more":1}""", "is not understood")]
    [InlineData("""{"format":1,"stack":"shop","from":"s","services":{"web":{"image":"a:1","digest":"x"}}}""", "service web has no image")]
    [InlineData("""{"format":1,"stack":"shop","from":"s","services":{}}""", "web: s has no such service")]
    public async Task A_file_that_is_no_release_is_refused(string text, string expected)
    {
        File.WriteAllText(Path.Combine(_directory, "bad"), text);
        await using var prod = await ProdAsync();
        var cli = Cli(prod, prod);
        Assert.Equal(2, await cli.RunAsync("--context prod deploy -f shop.yml shop --release bad"));
        Assert.Contains(expected, cli.Error, StringComparison.Ordinal);
        Assert.Empty(prod.Asked<V1.DeployRequest>());
    }

    [Theory]
    [InlineData("deploy -f shop.yml --release a --digests-from b", "cannot stand together")]
    [InlineData("deploy web@2 --release a", "--release cannot stand with SERVICE@VERSION")]
    [InlineData("deploy web@2 --digests-from a", "--digests-from cannot stand with SERVICE@VERSION")]
    public async Task Lines_that_contradict_themselves_are_refused(string line, string expected)
    {
        await using var prod = await ProdAsync();
        var cli = Cli(prod, prod);
        Assert.Equal(2, await cli.RunAsync($"--context prod {line}"));
        Assert.Contains(expected, cli.Error, StringComparison.Ordinal);
    }

    private CliRun Cli(FakeCluster staging, FakeCluster prod)
    {
        var config = Path.Combine(_directory, "config.yaml");
        File.WriteAllText(config, $"""
            contexts:
              - name: staging
                managers: ["{staging.Address}"]
              - name: prod
                managers: ["{prod.Address}"]

            """);
        var cli = new CliRun { Directory = _directory };
        cli.Variables["CLUSTER_CONFIG"] = config;
        return cli;
    }

    private static async Task<FakeCluster> StagingAsync(
        string image = "registry.staging:5000/shop/web:2.4.2", V1.RolloutState state = V1.RolloutState.Succeeded)
    {
        var cluster = await FakeCluster.StartAsync();
        var status = Script.Service("shop/web", 7, state, 3, 3);
        cluster.On((V1.ListServicesRequest _) => Script.Snapshot(status));
        cluster.On((V1.GetServiceRequest _) => new V1.ServiceDetail
        {
            Status = status, ResolvedImage = $"registry.staging:5000/shop/web@{Digest}",
            Spec = new ServiceSpec { Name = ServiceName.Parse("shop/web"), Container = new ContainerSpec { Image = image } }.ToWire(),
        });
        return cluster;
    }

    private static async Task<FakeCluster> ProdAsync()
    {
        var cluster = await FakeCluster.StartAsync();
        cluster.On((V1.ListServicesRequest _) => new V1.ServicesSnapshot());
        cluster.On((V1.DeployRequest _) => new V1.DeployResponse { Release = 1, Services = { Script.Applied("shop/web", 1) } });
        return cluster;
    }
}
