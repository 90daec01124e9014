// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Lab.Tests.Harness;

namespace ClusterManager.Lab.Tests.Services;

/// <summary>What an update does before it touches all replicas: it has the image brought to the nodes, and tries it on a few.</summary>
[Collection(Rolling.Name)]
public sealed class CanaryTests(RollingFixture fixture) : LabTest(fixture)
{
    private const string Canary = "--update-strategy canary --update-steps 1,100% --update-hold 1s";

    [Fact]
    public async Task A_canary_is_one_replica_until_a_person_says_yes()
    {
        var before = await RunServiceAsync("web", 4);
        (await Lab.ClusterAsync($"service update web --detach --update-promote manual {Canary} --image {Image("2-hc")}")).Expect(0);
        await Eventually.HoldsAsync("the canary waits for a person", 30,
            () => Lab.ClusterAsync("rollout status web --detach"), status => status.Output.Contains("approve"));
        var canaries = (await RunningAsync("web", 4)).Where(container => !Ids(before).Contains(container.Id)).ToList();
        Assert.Single(canaries);

        (await Lab.ClusterAsync("rollout approve web")).Expect(0);
        (await Lab.ClusterAsync("rollout status web")).Expect(0);
        var after = await RunningAsync("web", 4);
        Assert.Empty(Ids(before).Intersect(Ids(after)));
        Assert.Contains(canaries[0].Id, Ids(after));
    }

    [Fact]
    public async Task A_bad_canary_goes_back_and_the_others_never_learn_of_it()
    {
        var before = await RunServiceAsync("web", 4);
        (await Lab.ClusterAsync($"service update web --timeout 15s {Canary} --image {Image("unhealthy-hc")}")).Expect(4);
        Assert.InRange(Lives(before).Intersect(Lives(await RunningAsync("web", 4))).Count(), 3, 4);
        Assert.Equal(["1", "1", "1", "1"], await Task.WhenAll((await NamedAsync("web", 4)).Select(VersionAsync)));
    }

    // The web server's own probe, with no server beside it: it fails at once.
    [Fact]
    public async Task A_pre_deploy_that_fails_leaves_every_container_as_it_is()
    {
        var before = await RunServiceAsync("web", 3);
        (await Lab.ClusterAsync($"service update web --pre-deploy=--health --image {Image("2-hc")}")).Expect(4)
            .ExpectText("pre_deploy on h").ExpectText("exited with 1");
        Assert.Equal(Lives(before), Lives(await RunningAsync("web", 3)));
        Assert.Equal(["1", "1", "1"], await Task.WhenAll((await NamedAsync("web", 3)).Select(VersionAsync)));
    }

    [Fact]
    public async Task A_registry_that_falls_silent_in_the_middle_of_the_pulls_ends_the_update_before_it_touches_anything()
    {
        var before = await RunServiceAsync("web", 3);
        (await Lab.DockerAsync("h1", "pull", "-q", Image("5-hc"))).Expect(0);
        var digest = (await Lab.DockerAsync("h1", "inspect", "-f", "{{index .RepoDigests 0}}", Image("5-hc"))).Expect(0).Lines[0];
        await Lab.SignalRegistryAsync("STOP");
        try
        {
            var update = Lab.ClusterAsync($"service update web --timeout 8s --image {digest}");
            await Eventually.HoldsAsync("one of the nodes has the image", 8,
                () => Lab.ClusterAsync("rollout status web --detach"), status => status.Output.Contains("1/3 nodes"));
            (await update).Expect(4).ExpectText("pull");
        }
        finally
        {
            await Lab.SignalRegistryAsync("CONT");
        }

        Assert.Equal(Lives(before), Lives(await RunningAsync("web", 3)));
        (await Lab.ClusterAsync($"service update web --timeout 1m --image {digest}")).Expect(0);
        Assert.Equal(["5", "5", "5"], await Task.WhenAll((await NamedAsync("web", 3)).Select(VersionAsync)));
    }
}
