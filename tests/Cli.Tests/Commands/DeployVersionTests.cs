// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Cli.Tests.Fixtures;
using ClusterManager.Model;
using ClusterManager.Wire;
using V1 = ClusterManager.Wire.V1;
using Change = ClusterManager.Wire.V1.AppliedService.Types.Change;

namespace ClusterManager.Cli.Tests.Commands;

/// <summary><c>cluster deploy SERVICE@VERSION</c>: what is sent, what is told, which codes.</summary>
public sealed class DeployVersionTests
{
    private const string Digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("registry.lab:5000/shop/web:2.4.1", "2.4.2", "registry.lab:5000/shop/web:2.4.2")]
    [InlineData("registry.lab:5000/shop/web", "2.4.2", "registry.lab:5000/shop/web:2.4.2")]
    [InlineData("registry.lab:5000/shop/web:2.4.1", Digest, "registry.lab:5000/shop/web@" + Digest)]
    [InlineData("registry.lab:5000/shop/web@" + Digest, "v3", "registry.lab:5000/shop/web:v3")]
    [InlineData("web:1", "latest", "web:latest")]
    public async Task Only_the_version_of_the_image_changes(string before, string version, string expected)
    {
        await using var cluster = await StartAsync(before);
        Ends(cluster, V1.RolloutState.Succeeded);
        var cli = new CliRun(cluster.Address);
        var code = await cli.RunAsync($"deploy shop/web@{version}");
        Assert.Equal((0, ""), (code, code == 0 ? "" : cli.Error));
        var request = Assert.Single(cluster.Asked<V1.ApplyServiceRequest>());
        Assert.Equal((V1.Expect.Revision, 3L, false), (request.Expect, request.ExpectedRevision, request.Force));
        Assert.Equal((SpecOf(expected) with { Replicas = null }).ToWire(), request.Spec);
        Assert.StartsWith($"Deployed shop/web@{version} as revision 4 in ", cli.Out, StringComparison.Ordinal);
        Assert.StartsWith($"~ shop/web   image {before} → {expected}\n", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_version_that_fails_is_told_with_the_code_of_its_verdict()
    {
        await using var cluster = await StartAsync("registry.lab:5000/web:1");
        Ends(cluster, V1.RolloutState.RolledBack, Script.Reason(ReasonCode.ImageNotFound, "image is not in its registry"));
        var cli = new CliRun(cluster.Address);
        Assert.Equal(4, await cli.RunAsync("deploy shop/web@2 --timeout 90s --force"));
        Assert.Contains("Deploy of shop/web FAILED", cli.Error, StringComparison.Ordinal);
        var request = Assert.Single(cluster.Asked<V1.ApplyServiceRequest>());
        Assert.Equal((90_000L, true), (request.Spec.ProgressDeadlineMs, request.Force));
    }

    [Fact]
    public async Task An_image_that_is_an_id_has_no_other_versions()
    {
        await using var cluster = await StartAsync("Not/an image");
        var cli = new CliRun(cluster.Address);
        Assert.Equal(2, await cli.RunAsync("deploy shop/web@2"));
        Assert.Contains("shop/web runs 'Not/an image', which has no other versions", cli.Error, StringComparison.Ordinal);
        Assert.Empty(cluster.Asked<V1.ApplyServiceRequest>());
    }

    [Theory]
    [InlineData("deploy", "either --file FILE or SERVICE@VERSION is needed")]
    [InlineData("deploy shop", "either --file FILE or SERVICE@VERSION is needed")]
    [InlineData("deploy web@2 -f shop.yml --prune", "--file, --prune cannot stand with SERVICE@VERSION")]
    [InlineData("deploy -f shop.yml --force", "--force cannot stand with a file")]
    [InlineData("deploy web@", "'web@' is not understood: SERVICE@TAG or SERVICE@sha256:DIGEST is")]
    [InlineData("deploy @2", "'@2' is not understood")]
    [InlineData("deploy web@sha256:12", "'web@sha256:12' is not understood")]
    [InlineData("deploy web@a/b", "'web@a/b' is not understood")]
    [InlineData("deploy web@-x", "'web@-x' is not understood")]
    public async Task A_wrong_line_is_refused_before_anybody_is_asked(string line, string expected)
    {
        await using var cluster = await StartAsync("registry.lab:5000/web:1");
        var cli = new CliRun(cluster.Address);
        Assert.Equal(2, await cli.RunAsync(line));
        Assert.Contains(expected, cli.Error, StringComparison.Ordinal);
        Assert.Empty(cluster.Requests);
    }

    private static System.Collections.Immutable.ImmutableSortedDictionary<string, string> Labels { get; } = Maps.Empty.Add("a", "b");

    private static ServiceSpec SpecOf(string image) => new()
    {
        Name = ServiceName.Parse("shop/web"), Container = new ContainerSpec { Image = image }, Replicas = 3, Labels = Labels,
    };

    private static async Task<FakeCluster> StartAsync(string image)
    {
        var cluster = await FakeCluster.StartAsync();
        cluster.On((V1.GetServiceRequest _) => new V1.ServiceDetail
        {
            Status = Script.Service("shop/web", 7, V1.RolloutState.Succeeded, 3, 3, to: 3), Spec = SpecOf(image).ToWire(),
        });
        cluster.On((V1.ApplyServiceRequest _) => new V1.ApplyServiceResponse
        {
            Service = Script.Applied("shop/web", 8, Change.Updated, 4),
        });
        return cluster;
    }

    private static void Ends(FakeCluster cluster, V1.RolloutState state, V1.Reason? reason = null)
    {
        var status = Script.Service("shop/web", 8, state, 3, 3, from: 3, to: 4, reason);
        status.Rollout.GoingBack = state == V1.RolloutState.RolledBack;
        cluster.Snapshots.Writer.TryWrite(Script.Snapshot(status));
    }
}
