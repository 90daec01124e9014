// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using ClusterManager.Cli.Tests.Fixtures;
using ClusterManager.Model;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Tests.Commands;

/// <summary><c>cluster image tags</c>: its table, its JSON, its failures.</summary>
public sealed class ImageTests
{
    [Fact]
    public async Task The_first_tags_are_shown_and_those_that_run()
    {
        await using var cluster = await StartAsync(25);
        var cli = new CliRun(cluster.Address);
        Assert.Equal(0, await cli.RunAsync("image tags web"));
        var lines = cli.Out.TrimEnd('\n').Split('\n');
        Assert.Equal(22, lines.Length);
        Assert.Equal(["TAG    RUNNING", "1.25   -"], lines[..2]);
        Assert.Equal("1.2    web, shop/api", lines[^1]);
        Assert.Equal("4 more: --all", cli.Error.Trim());
        Assert.Equal("web", Assert.Single(cluster.Asked<V1.ImageTagsRequest>()).Subject);
        Assert.Equal(0, await cli.RunAsync("image tags web --all"));
        Assert.Equal(26, cli.Out.TrimEnd('\n').Split('\n').Length);
    }

    [Fact]
    public async Task Programs_get_all_tags_with_whole_references()
    {
        await using var cluster = await StartAsync(25);
        var cli = new CliRun(cluster.Address);
        Assert.Equal(0, await cli.RunAsync("image tags web -o json"));
        using var json = JsonDocument.Parse(cli.Out);
        Assert.Equal(25, json.RootElement.GetArrayLength());
        var first = json.RootElement[0];
        Assert.Equal("tag reference running", string.Join(' ', first.EnumerateObject().Select(property => property.Name)));
        Assert.Equal("registry.lab:5000/web:1.25", first.GetProperty("reference").GetString());
        Assert.Equal("", cli.Error);
        await cli.RunAsync("image tags web -o name");
        Assert.StartsWith("1.25\n1.24\n", cli.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ReasonCode.ImageNotFound, 3)]
    [InlineData(ReasonCode.RegistryDenied, 1)]
    [InlineData(ReasonCode.RegistryUnreachable, 1)]
    public async Task A_registrys_failure_is_told_in_its_words(ReasonCode reason, int code)
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.On((V1.ImageTagsRequest _) => new V1.ImageTags
        {
            Failure = new V1.Reason { Code = (int)reason, Text = "registry registry.lab:5000: no" },
        });
        var cli = new CliRun(cluster.Address);
        Assert.Equal(code, await cli.RunAsync("image tags web"));
        Assert.Equal("", cli.Out);
        Assert.Contains("registry registry.lab:5000: no", cli.Error, StringComparison.Ordinal);
    }

    private static async Task<FakeCluster> StartAsync(int count)
    {
        var cluster = await FakeCluster.StartAsync();
        cluster.On((V1.ImageTagsRequest _) =>
        {
            var answer = new V1.ImageTags { Image = "registry.lab:5000/web:1.2", Registry = "registry.lab:5000", Complete = true };
            answer.Tags.AddRange(Enumerable.Range(1, count).Reverse().Select(number => new V1.ImageTag { Name = $"1.{number}" }));
            answer.Tags.Single(tag => tag.Name == "1.2").Running.AddRange(
                [new V1.ServiceName { Stack = "default", Name = "web" }, new V1.ServiceName { Stack = "shop", Name = "api" }]);
            return answer;
        });
        return cluster;
    }
}
