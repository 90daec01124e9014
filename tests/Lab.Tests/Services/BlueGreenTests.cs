// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Lab.Tests.Harness;
using ClusterManager.Load;

namespace ClusterManager.Lab.Tests.Services;

/// <summary>A new colour beside the old one, the switch of the name and the way back, under requests that find their way
/// by that name.</summary>
[Collection(Rolling.Name)]
public sealed class BlueGreenTests(RollingFixture fixture) : LabTest(fixture)
{
    private const double SwitchSeconds = 3;

    [Fact]
    public async Task A_new_colour_is_tried_by_its_own_name_and_the_switch_and_the_way_back_cost_no_request()
    {
        var before = await RunServiceAsync("web", 3, "-p 8080 --update-strategy blue_green");
        await NamedAsync("web", 3);
        var until = Path.Combine(Lab.Directory, "until-blue-green");
        File.Delete(until);
        var dotnet = Environment.ProcessPath is { } own && Path.GetFileName(own) == "dotnet" ? own : "dotnet";
        await using var load = Lab.Start("h1",
            [dotnet, typeof(LoadRun).Assembly.Location, "--requests", "500", "--until", until, "--target", "dns:web.service.consul@100"]);

        (await Lab.ClusterAsync($"service update web --detach --update-promote manual --image {Image("2-hc")}")).Expect(0);
        await Eventually.HoldsAsync("the new colour waits for a person", 30,
            () => Lab.ClusterAsync("rollout status web --detach"), status => status.Output.Contains("approve"));
        Assert.Equal(["2", "2", "2"], await Task.WhenAll((await NamedAsync("green-web", 3)).Select(VersionAsync)));
        Assert.Equal(["1", "1", "1"], await Task.WhenAll((await NamedAsync("web", 3)).Select(VersionAsync)));

        (await Lab.ClusterAsync("rollout approve web")).Expect(0);
        await LeadsToAsync("2");
        (await Lab.ClusterAsync("rollout status web")).Expect(0).ExpectText("is kept");
        var both = await RunningAsync("web", 6);
        (await Lab.ClusterAsync("rollback web --detach")).Expect(0);
        await LeadsToAsync("1");
        (await Lab.ClusterAsync("rollout status web")).Expect(0);
        Assert.Equal(Lives(both), Lives(await RunningAsync("web", 6)));
        Assert.Empty(Lives(before).Except(Lives(both)));

        await File.WriteAllTextAsync(until, "");
        var result = await load.EndAsync(TimeSpan.FromSeconds(30));
        Assert.True(result.ExitCode == 0, $"requests failed\n{string.Join('\n', result.Lines.Take(40))}\n{result.Error}");
        Assert.All(LoadJournal.ReadSums(result.Lines), sum => Assert.Equal(0, sum.Failed));
    }

    private async Task LeadsToAsync(string version) => await Eventually.HoldsAsync(
        $"the name leads to version {version}", SwitchSeconds,
        async () => await Task.WhenAll((await Lab.ResolveAsync("web", "h1")).Select(VersionAsync)),
        found => found.Length == 3 && found.All(one => one == version));
}
